import { registry } from "@web/core/registry";
import { rpc } from "@web/core/network/rpc";

const tours = registry.category("web_tour.tours");

// These tours are played in several languages: nothing is found by its label.

// Drops the messages that the test has prepared on the field for files.
async function dropMessages(field) {
    const found = await rpc("/web/dataset/call_kw/ir.attachment/search_read", {
        model: "ir.attachment",
        method: "search_read",
        args: [[["name", "like", "sample-"]], ["name"]],
        kwargs: {},
    });
    const transfer = new DataTransfer();
    for (const { id, name } of found) {
        const content = await fetch(`/web/content/${id}?download=1`);
        transfer.items.add(new File([await content.blob()], name));
    }
    const drag = { bubbles: true, cancelable: true, dataTransfer: transfer };
    field.dispatchEvent(new DragEvent("dragenter", drag));
    let zone;
    while (!(zone = document.querySelector(".o-Dropzone"))) {
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    zone.dispatchEvent(new DragEvent("drop", drag));
}

tours.add("dunning_einvoice_folder", {
    steps: () => [
        {
            content: "Take files",
            trigger: ".o_control_panel button.btn-primary:not(.o_list_button_add)",
            run: "click",
        },
        {
            content: "Drop all messages of the folder",
            trigger: ".modal .o_field_widget[name=attachment_ids] .oe_fileupload",
            run: ({ anchor }) => dropMessages(anchor),
        },
        {
            content: "They are uploaded",
            trigger: ".modal .o_attachments:has(.o_attachment:nth-child(15))",
        },
        {
            content: "Receive them",
            trigger: ".modal button[name=action_receive]",
            run: "click",
        },
        {
            content: "All were taken: see them",
            trigger: ".modal button[name=action_open]",
            run: "click",
        },
        {
            content: "Each says what dunning made of it",
            trigger:
                "body:not(:has(.modal)) .o_list_view .o_data_row .o_data_cell[name=effect]:contains(/./)",
        },
    ],
});

tours.add("dunning_einvoice_matters", {
    steps: () => [
        {
            content: "Open what is suspended",
            trigger: ".o_data_row .o_data_cell[name=move_id]:contains(SUSPENDED)",
            run: "click",
        },
        {
            content: "It tells what was said and made of it",
            trigger: ".o_form_view .o_field_widget[name=made_text]:contains(/./)",
        },
        {
            content: "What was missing was sent: resume",
            trigger: "button[name=action_resume]",
            run: "click",
        },
        {
            content: "Yes",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "It was decided",
            trigger: ".o_form_view:not(:has(button[name=action_resume]))",
        },
    ],
});

tours.add("dunning_einvoice_refusal", {
    steps: () => [
        {
            content: "Accept what was refused: cancel it in the house",
            trigger: ".o_form_view button[name=action_accept]",
            run: "click",
        },
        {
            content: "The credit note says that it is not to be sent",
            trigger: ".o_form_view .o_field_widget[name=dunning_internal_text]:contains(REFUSED)",
        },
    ],
});
