import { useRef } from "@odoo/owl";
import { useDropzone } from "@web/core/dropzone/dropzone_hook";
import { registry } from "@web/core/registry";
import { useFileUploader } from "@web/core/utils/files";
import {
    Many2ManyBinaryField,
    many2ManyBinaryField,
} from "@web/views/fields/many2many_binary/many2many_binary_field";

/** Files that are chosen, or dropped on the field. */
export class DroppedFilesField extends Many2ManyBinaryField {
    static template = "account_dunning.DroppedFilesField";

    setup() {
        super.setup();
        this.upload = useFileUploader();
        useDropzone(
            useRef("root"),
            (event) => this.onDrop(event),
            "",
            () => !this.props.readonly
        );
    }

    async onDrop(event) {
        const files = [...event.dataTransfer.files];
        if (!files.length) {
            return;
        }
        const { resModel, resId } = this.props.record;
        const uploaded = await this.upload("/web/binary/upload_attachment", {
            csrf_token: odoo.csrf_token,
            ufile: files,
            model: resModel,
            id: resId || 0,
        });
        if (uploaded) {
            await this.onFileUploaded(uploaded);
        }
    }
}

registry.category("fields").add("dunning_dropped_files", {
    ...many2ManyBinaryField,
    component: DroppedFilesField,
});
