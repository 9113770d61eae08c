from . import test_data_quality
