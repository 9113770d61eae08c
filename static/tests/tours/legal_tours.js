import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// These tours are played in several languages: nothing is found by its label.

const openTab = {
    content: "Open the tab of dunning",
    trigger: ".o_notebook .nav-link[name=dunning]",
    run: "click",
};

const press = (name) => ({
    content: `Press ${name}`,
    trigger: `.modal-footer button[name=${name}]`,
    run: "click",
});

tours.add("dunning_penalties_claimed", {
    steps: () => [
        openTab,
        {
            content: "Ask how penalties are worked out",
            trigger: ".o_notebook button:has(.fa-percent)",
            run: "click",
        },
        {
            content: "The periods are shown, with their days",
            trigger: ".modal .o_dunning_statement td:contains(/^30$/)",
        },
        {
            content: "And what they add up to",
            trigger: ".modal .o_dunning_statement th:contains(/364[.,]40/)",
        },
        {
            content: "Close the statement",
            trigger: ".modal-footer button.btn-secondary",
            run: "click",
        },
        {
            content: "Claim penalties",
            trigger: "body:not(:has(.modal)) .o_notebook button:has(.fa-file-text-o)",
            run: "click",
        },
        press("action_fill"),
        {
            content: "What is owed is shown before it is booked",
            trigger: ".modal .o_data_row .o_data_cell[name=amount]:contains(/404[.,]40/)",
        },
        press("action_claim"),
        {
            content: "The draft invoice is there",
            trigger: "body:not(:has(.modal)) .o_arrow_button_current[data-value=draft]",
        },
    ],
});

tours.add("dunning_rate_entered", {
    steps: () => [
        {
            content: "Something is missing",
            trigger: ".o_form_view .alert-warning .o_field_widget[name=gap]",
        },
        {
            content: "The time line shows it",
            trigger: ".o_field_widget[name=timeline] .text-bg-danger",
        },
        {
            content: "It is known now",
            trigger: ".o_field_widget[name=reference_missing] input",
            run: "click",
        },
        {
            content: "Enter the reference",
            trigger: ".o_field_widget[name=reference] input",
            run: "edit 2.15",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Nothing is missing any more",
            trigger: ".o_form_saved:not(:has(.alert-warning:visible .o_field_widget[name=gap]))",
        },
    ],
});
