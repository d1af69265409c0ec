/* What a validation rests on, in words. */
#include "base/timestamp.h"
#include "show.h"
#include "validate.h"

#include <stdlib.h>

static void about_simulation(const struct validation *validation, struct text *notes)
{
    const struct validate_recording *recording = &validation->recording;
    const struct scenario *scenario = &validation->scenario;
    char from[TIMESTAMP_TEXT_SIZE];
    char to[TIMESTAMP_TEXT_SIZE];
    char counts[2][SHOW_SIZE];
    text_addf(notes,
              "Given to the simulation, which runs from %s to %s, are the recorded prices, when "
              "and where how many instances were interrupted, and the fleet's target. What it has "
              "to find is the rest: where and when instances are launched and ended, what the "
              "group does, and what all of it costs.\n",
              timestamp_format(scenario->from_s, from), timestamp_format(scenario->to_s, to));
    text_add(notes, "It begins with the fleet at its target, placed by its strategy.\n");
    text_add(notes,
             recording->target_s == INT64_MAX
                 ? "The fleet's target was not recorded: it is the scenario's.\n"
                 : "The fleet's target is the recorded one, from evaluation to evaluation.\n");
    if (validation->simulated_policy_is_recorded)
        text_addf(notes,
                  "The group is led by the recorded policy, %s, with its recorded parameters and "
                  "guards; its memory begins empty.\n",
                  recording->policy_name);
    else
        text_addf(notes, "The group is led by %s%s: that should be what led the real group.\n",
                  scenario->policy.name,
                  recording->acting == 0 ? ", for what was recorded did not act (shadow)" : "");
    if (recording->settings > 1)
        text_addf(notes, "It was recorded with %s different settings: the last ones are used.\n",
                  show_count((int128)recording->settings, counts[0]));
    if (recording->missed)
        text_addf(notes, "Missed evaluations: %s of %s.\n",
                  show_count(recording->missed, counts[0]),
                  show_count(recording->missed + recording->evaluations, counts[1]));
    if (recording->gaps)
        text_add(notes, "The fleet was not watched without gaps: only the longest stretch is "
                        "compared.\n");
    text_addf(notes,
              "Delays of launches and all else that a recording does not say are the "
              "scenario's (ballast scenario show %s).\n",
              scenario->file);
}

static void about_bill(const struct validation *validation, struct text *notes)
{
    const struct hindcast_bill_about *billed = &validation->billed;
    char counts[2][SHOW_SIZE];
    if (!validation->bill) {
        text_add(notes, "No bill was given (--billing): costs are not compared.\n");
        return;
    }
    text_addf(notes, "The bill is %s file%s of %s lines; compared are whole hours%s.\n",
              show_count(billed->files, counts[0]), billed->files == 1 ? "" : "s",
              show_count(billed->lines, counts[1]),
              billed->feed ? ", spot by the Spot data feed" : "");
    if (!billed->on_demand)
        text_add(notes, "A Spot data feed does not tell what on-demand instances cost.\n");
    else if (billed->tagged)
        text_addf(notes, "On-demand instances are those tagged aws:autoscaling:groupName = %s.\n",
                  validation->recording.group);
    else
        text_addf(notes,
                  "The bill has no tag aws:autoscaling:groupName: every on-demand %s in it is "
                  "taken for the group's.\n",
                  validation->account.backup_type);
    if (billed->strangers)
        text_addf(notes,
                  "Other spot instances (%s) ran in the fleet's pools, USD %s in the whole bill: "
                  "nothing says that they were the fleet's, and they are not compared.\n",
                  show_count(billed->strangers, counts[0]),
                  show_usd(divide_half_even(billed->strangers_cost, 10000), counts[1]));
    if (billed->other_lines)
        text_addf(notes,
                  "Credits, discounts and the like (lines: %s; USD %s in the whole bill) are "
                  "not compared.\n",
                  show_count(billed->other_lines, counts[0]),
                  show_usd(divide_half_even(billed->other_cost, 10000), counts[1]));
}

void validate_add_notes(struct validation *validation)
{
    const struct hindcast *hindcast = &validation->hindcast;
    struct text *notes = &validation->notes;
    char count[SHOW_SIZE];
    about_simulation(validation, notes);
    about_bill(validation, notes);
    if (hindcast->begun_before)
        text_addf(notes,
                  "Instances whose launch was not seen (%s) are taken to have begun as their "
                  "first billed hour tells, or with the recording.\n",
                  show_count(hindcast->begun_before, count));
    if (hindcast->unplaced)
        text_addf(notes,
                  "Recorded instances of which nobody told where they were (%s) are left out.\n",
                  show_count(hindcast->unplaced, count));
    for (size_t i = 0; i < validation->scenario.note_count; i++) {
        if (validation->scenario.notes[i].warning)
            text_addf(notes, "warning: %s\n", validation->scenario.notes[i].text);
    }
}
