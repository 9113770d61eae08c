import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// These tours are played in several languages: nothing is found by its label.

const STANDARD = "urn:un:unece:uncefact:data:standard:";

const writeMessage = (number, code, reason) => `<?xml version="1.0" encoding="UTF-8"?>
<r:CrossDomainAcknowledgementAndResponse
    xmlns:r="${STANDARD}CrossDomainAcknowledgementAndResponse:100"
    xmlns="${STANDARD}ReusableAggregateBusinessInformationEntity:100">
    <r:ExchangedDocument><ID>${number}-${code}</ID></r:ExchangedDocument>
    <r:AcknowledgementDocument>
        <ReferenceReferencedDocument>
            <IssuerAssignedID>${number}</IssuerAssignedID>
            <ProcessConditionCode>${code}</ProcessConditionCode>
            <IssuerTradeParty><GlobalID>999090137</GlobalID></IssuerTradeParty>
            <SpecifiedDocumentStatus><ReasonCode>${reason}</ReasonCode></SpecifiedDocumentStatus>
        </ReferenceReferencedDocument>
    </r:AcknowledgementDocument>
</r:CrossDomainAcknowledgementAndResponse>`;

const toFile = (name, text) => new File([text], name, { type: "text/xml" });

tours.add("dunning_einvoice_taken", {
    steps: () => [
        {
            content: "Take files",
            trigger: ".o_control_panel button.btn-primary:not(.o_list_button_add)",
            run: "click",
        },
        {
            content: "Choose three",
            trigger: ".modal .o_field_widget[name=attachment_ids] input[type=file]:not(:visible)",
            run({ anchor }) {
                const files = new DataTransfer();
                files.items.add(toFile("one.xml", writeMessage("TOUR-1", "207", "QTE_ERR")));
                files.items.add(toFile("two.xml", writeMessage("TOUR-2", "211", "")));
                files.items.add(toFile("bad.xml", "<Invoice/>"));
                anchor.files = files.files;
                anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        {
            content: "They are there",
            trigger: ".modal .o_attachment:nth-of-type(3), .modal .o_attachments:has(.o_attachment:nth-child(3))",
        },
        {
            content: "Take them",
            trigger: ".modal button[name=action_receive]",
            run: "click",
        },
        {
            content: "Two were taken",
            trigger: ".modal .o_field_widget[name=taken_count]:contains(2)",
        },
        {
            content: "One waits",
            trigger: ".modal .o_field_widget[name=waiting_detail]:contains(TOUR-2)",
        },
        {
            content: "One cannot be read",
            trigger: ".modal .o_field_widget[name=refused_detail]:contains(bad.xml)",
        },
        {
            content: "See them",
            trigger: ".modal button[name=action_open]",
            run: "click",
        },
        {
            content: "The one that waits",
            trigger: "body:not(:has(.modal)) .o_data_row td:contains(TOUR-2)",
            run: "click",
        },
        {
            content: "Assign it",
            trigger: ".o_form_view .o_statusbar_buttons button.btn-primary",
            run: "click",
        },
        {
            content: "To the invoice that is there",
            trigger: ".modal .o_field_widget[name=move_id] input",
            run: "edit TOUR-1",
        },
        {
            content: "Choose it",
            trigger: ".ui-autocomplete a:contains(TOUR-1)",
            run: "click",
        },
        {
            content: "Apply",
            trigger: ".modal button[name=action_apply]:visible",
            run: "click",
        },
        {
            content: "It has its invoice",
            trigger: "body:not(:has(.modal)) .o_arrow_button_current[data-value=assigned]",
        },
    ],
});
