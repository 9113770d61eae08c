from . import test_portrait
