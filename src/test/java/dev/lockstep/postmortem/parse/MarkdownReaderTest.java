package dev.lockstep.postmortem.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shapes in which people write action items. */
final class MarkdownReaderTest {
  private static final LocalDate FIRST = LocalDate.of(2026, 12, 1);
  private final MarkdownReader reader = ShippedWords.reader();

  private Postmortem read(String markdown) {
    return reader.read(markdown);
  }

  private List<ParsedItem> items(String markdown) {
    return read(markdown).items();
  }

  private ParsedItem item(String bullet) {
    Postmortem read = read("## Action items\n\n" + bullet + "\n");
    assertThat(read.items()).as(bullet + "\n" + read.problems()).hasSize(1);
    return read.items().get(0);
  }

  @Test
  void readsATableWhateverItsColumnsAreCalledAndInWhateverOrder() {
    List<ParsedItem> items =
        items(
            """
            # Outage

            ## Action Items & Follow-ups

            | Prio | Type (Mitigate/Prevent) | DRI | Task | Bug # | By when | Status | ID |
            |------|------|-----|------|-------|---------|--------|----|
            | P1 | Prevent | @dana | Add an `a \\| b` index | OPS-12 | Dec 1, 2026 | Done | A1 |
            |    |      | bo@example.org | Alert on [replica lag](https://x.org/wiki) | <https://github.com/a/b/issues/7> | 1 December 2026 | in progress | |
            |    |      |     |      |       |         |        |    |
            """);
    assertThat(items).hasSize(2);
    ParsedItem first = items.get(0);
    assertThat(first.line()).isEqualTo(7);
    assertThat(first.id()).isEqualTo("A1");
    assertThat(first.title()).isEqualTo("Add an a | b index");
    assertThat(first.owner()).isEqualTo("dana");
    assertThat(first.due()).isEqualTo(FIRST);
    assertThat(first.ticket()).isEqualTo("OPS-12");
    assertThat(first.priority()).isEqualTo("P1");
    assertThat(first.labels()).containsExactly("Prevent");
    assertThat(first.done()).isTrue();
    assertThat(first.problems()).isEmpty();
    assertThat(first.excerpt().lines())
        .containsExactly(
            "| Prio | Type (Mitigate/Prevent) | DRI | Task | Bug # | By when | Status | ID |",
            "| --- | --- | --- | --- | --- | --- | --- | --- |",
            "| P1 | Prevent | @dana | Add an `a \\| b` index | OPS-12 | Dec 1, 2026 | Done | A1 |");
    ParsedItem second = items.get(1);
    assertThat(second.title()).isEqualTo("Alert on replica lag");
    assertThat(second.owner()).isEqualTo("bo@example.org");
    assertThat(second.due()).isEqualTo(FIRST);
    assertThat(second.ticket()).isEqualTo("https://github.com/a/b/issues/7");
    assertThat(second.done()).isFalse();
    assertThat(second.id()).isNull();
    assertThat(second.problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "Action Item,Owner,Due Date",
    "Task,Who,Deadline",
    "Follow-up,DRI,ETA",
    "What,Assignee,Target",
    "Description,Responsible,Due",
    "Improvement,Assigned to,By when",
    "What,Who,When",
    "Action,Owner,Date",
    "**Action**,*Owner*,`Due`",
    "Item,Action owner,Target date",
    "Description,Owner,Target resolution date"
  })
  void knowsAColumnByItsName(String action, String owner, String due) {
    List<ParsedItem> items =
        items(
            "## Action items\n\n| %s | %s | %s |\n|---|---|---|\n| Fix it | @dana | 2026-12-01 |\n"
                .formatted(action, owner, due));
    assertThat(items).singleElement();
    assertThat(items.get(0).title()).isEqualTo("Fix it");
    assertThat(items.get(0).owner()).isEqualTo("dana");
    assertThat(items.get(0).due()).isEqualTo(FIRST);
  }

  @Test
  void findsATableOfActionsUnderAnyHeadingButNoOtherTable() {
    Postmortem read =
        read(
            """
            # Outage
            ## Timeline
            | Date/Time | Who/What | Action/ Impact |
            |---|---|---|
            | 10:00 | dana | restarted the pod |

            | Time | Action | Owner |
            |---|---|---|
            | 10:05 | rolled back | bo |
            ## Attendees
            | Name | Role | Contact |
            |---|---|---|
            | Dana | lead | @dana |
            ## Open questions
            | Person | Question/ Answer | Status |
            |---|---|---|
            | dana | Why? | open |
            ## Wrap-up
            | Action | Owner |
            |---|---|
            | Add an index | @dana |
            """);
    assertThat(read.items()).extracting(ParsedItem::title).containsExactly("Add an index");
  }

  @Test
  void leavesATimelineInAnActionSectionAlone() {
    Postmortem read =
        read(
            """
            ## Follow-ups
            | Time | What |
            |---|---|
            | 10:00 | paged |

            - Add an index
            """);
    assertThat(read.items()).extracting(ParsedItem::title).containsExactly("Add an index");
    assertThat(read.problems()).isEmpty();
  }

  @Test
  void doesNotTakeARowOfATemplateForAnItem() {
    Postmortem read =
        read(
            """
            ## Action items
            | # | Action | Owner | Priority | Status |
            |---|---|---|---|---|
            | 1 | | TBD | P1 | Open |
            | 2 | | | | |
            """);
    assertThat(read.items()).isEmpty();
    assertThat(read.problems())
        .containsExactly(
            new ParseProblem(
                1,
                "no action items found under \"Action items\" at line 1; write each as a bullet or"
                    + " a table row"));
  }

  @Test
  void reportsARowWithOtherCellsThanItsTable() {
    List<ParsedItem> items =
        items(
            """
            ## Action items
            | Action | Owner | Due |
            |---|---|---|
            | Grep a | b | @dana | 2026-12-01 |
            | Add an index | @bo |
            | Add a check | @cy | 2026-12-01 |
              Add a test | @di | 2026-12-01
            """);
    assertThat(items).hasSize(4);
    assertThat(items.get(0).title()).isEqualTo("Grep a");
    assertThat(items.get(0).problems()).anyMatch(p -> p.contains("4 cells, its table 3 columns"));
    assertThat(items.get(1).owner()).isEqualTo("bo");
    assertThat(items.get(1).problems())
        .containsExactly("the row has 2 cells, its table 3 columns; add the missing |");
    assertThat(items.get(2).problems()).isEmpty();
    assertThat(items.get(3).problems()).isEmpty();
  }

  @Test
  void readsARowWithoutAnActionAsAProblem() {
    Postmortem read =
        read(
            """
            ## Action items
            | Action | Owner |
            |---|---|
            | | @dana |
            - (Owner: @bo)
            """);
    assertThat(read.items()).isEmpty();
    assertThat(read.problems())
        .contains(
            new ParseProblem(
                4, "an action item without a title (owner dana); say what is to be done"));
  }

  @Test
  void readsCheckboxesWithOwnerAndDay() {
    Postmortem read =
        read(
            """
            ## Follow-ups
            - [ ] Add index (@dana, 2026-12-01)
            - [x] Raise the limit
            - [X] Lower the limit
            - [ ]
            - [ ] \n* [ ] Page us (Dana Scully, by 2026-12-01)
            """);
    assertThat(read.items())
        .extracting(ParsedItem::title)
        .containsExactly("Add index", "Raise the limit", "Lower the limit", "Page us");
    assertThat(read.items()).extracting(ParsedItem::done).containsExactly(false, true, true, false);
    assertThat(read.items().get(0).owner()).isEqualTo("dana");
    assertThat(read.items().get(0).due()).isEqualTo(FIRST);
    assertThat(read.items().get(3).owner()).isEqualTo("Dana Scully");
    assertThat(read.items().get(3).due()).isEqualTo(FIRST);
    assertThat(read.problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "## Action items",
        "## Action Items:",
        "### Follow-ups",
        "## Followups",
        "## Follow up items",
        "## Next steps",
        "## Remediation",
        "## Corrective and preventive actions",
        "## Proposal Improvements",
        "## Improvements",
        "## Recommendations",
        "## 7. Action items",
        "## ✅ Action Items",
        "## Lessons learned and action items",
        "## Action points (owner in brackets)",
        "Action items\n============",
        "**Action items**",
        "**Next steps:**",
        "Action items:",
        "## To-dos",
        "##Action items"
      })
  void knowsAnActionSectionByItsHeading(String heading) {
    Postmortem read = read("# Outage\n\nText.\n\n" + heading + "\n\n- Add an index\n");
    assertThat(read.items()).extracting(ParsedItem::title).containsExactly("Add an index");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "## Follow-up timeline",
        "## Actions taken",
        "## Timeline",
        "## GitHub Actions outage",
        "## What could be improved",
        "## Lessons learned",
        "## Mitigation & Resolution",
        "## Follow-up questions",
        "**Impact**"
      })
  void takesNoOtherSectionForOne(String heading) {
    Postmortem read = read("# Outage\n\n" + heading + "\n\n- restarted the pod\n");
    assertThat(read.items()).isEmpty();
    assertThat(read.problems())
        .singleElement()
        .satisfies(p -> assertThat(p.text()).contains("no heading such as \"Action items\""));
  }

  @Test
  void takesNoTitleForAnActionSection() {
    assertThat(items("# GitHub Actions improvements\n\n- restarted\n")).isEmpty();
    assertThat(items("# Action items\n\n- Add an index\n")).hasSize(1);
  }

  @Test
  void endsAnActionSectionWithTheNextHeadingOfItsLevelOrAnotherTopic() {
    assertThat(
            items(
                """
                ## Action items
                - one
                ### Backend
                - two
                ### Lessons learned
                - not this
                ### Frontend
                - three
                ## Appendix
                - nor this
                """))
        .extracting(ParsedItem::title)
        .containsExactly("one", "two", "three");
  }

  @Test
  void makesLabelsOfHeadingsAndGroupsBelowTheHeading() {
    List<ParsedItem> items =
        items(
            """
            ## Action items
            ### Process improvements (by 2026-12-01)
            1. one
            2. Alerts:
               - two
               - three
            ### Technical improvements

            culler:

            - four
            """);
    assertThat(items).extracting(ParsedItem::title).containsExactly("one", "two", "three", "four");
    assertThat(items.get(0).labels()).containsExactly("Process improvements");
    assertThat(items.get(1).labels()).containsExactly("Process improvements", "Alerts");
    assertThat(items.get(3).labels()).containsExactly("Technical improvements", "culler");
    assertThat(items.get(0).due()).isEqualTo(FIRST);
    assertThat(items.get(3).due()).isNull();
  }

  @Test
  void tellsOfADueDateInAHeadingThatIsNone() {
    List<ParsedItem> items =
        items("## Action items\n### Later (Target: Q4 2026)\n- one\n- two, due 2026-12-01\n");
    assertThat(items.get(0).problems())
        .containsExactly("the due date \"Q4 2026\" is not a day; write it as 2026-12-01");
    assertThat(items.get(1).due()).isEqualTo(FIRST);
    assertThat(items.get(1).problems()).isEmpty();
  }

  @Test
  void readsABulletInBoldAsAHeading() {
    Postmortem read =
        read(
            """
            - **Impact**: nobody could log in
            - **Context**:
              - 10:00 paged
            - **Review actions**:
              - [Date the indices](https://github.com/a/b/issues/5)
              - Alert on lag
            """);
    assertThat(read.items())
        .extracting(ParsedItem::title)
        .containsExactly("Date the indices", "Alert on lag");
    assertThat(read.items().get(0).ticket()).isEqualTo("https://github.com/a/b/issues/5");
    assertThat(read.problems()).isEmpty();
  }

  @Test
  void readsMarkedParagraphsAnywhere() {
    List<ParsedItem> items =
        items(
            """
            ## Timeline
            **Action item:** Declare earlier. Owner: @dana
            [Action Item] count what is rejected
            by itself
            Action item: page the right team

            - Action item: bullets too
            """);
    assertThat(items)
        .extracting(ParsedItem::title)
        .containsExactly(
            "Declare earlier",
            "count what is rejected by itself",
            "page the right team",
            "bullets too");
    assertThat(items).extracting(ParsedItem::line).containsExactly(2, 3, 5, 7);
    assertThat(items.get(0).owner()).isEqualTo("dana");
    assertThat(items.get(1).excerpt()).isEqualTo("[Action Item] count what is rejected\nby itself");
  }

  @Test
  void takesChildrenWithAnOwnerTicketOrCheckboxForItemsAndOthersForDetail() {
    List<ParsedItem> items =
        items(
            """
            ## Action items
            - Improve how we answer incidents in the long run
              - Write the rules down - OPS-1
              - think of the night shift
                - [ ] Ask them (@bo)
              - Q: who wrote the old rules?
                - A: nobody knows
            - Second
            """);
    assertThat(items)
        .extracting(ParsedItem::title)
        .containsExactly(
            "Improve how we answer incidents in the long run",
            "Write the rules down",
            "Ask them",
            "Second");
    assertThat(items.get(0).ticket()).isNull();
    assertThat(items.get(0).excerpt())
        .isEqualTo(
            """
            - Improve how we answer incidents in the long run
              - think of the night shift
              - Q: who wrote the old rules?
                - A: nobody knows\
            """);
    assertThat(items.get(1).ticket()).isEqualTo("OPS-1");
    assertThat(items.get(2).owner()).isEqualTo("bo");
  }

  @Test
  void takesChildrenThatSayWhoAndWhenForTheirParent() {
    ParsedItem item =
        item(
            """
            - **Add an index**:
              - Owner: Dana Scully
              - Due: 2026-12-01
              - Ticket: [OPS-12](https://acme.atlassian.net/browse/OPS-12)
              - Priority: High
              - Labels: database, cheap
              - Status: done\
            """);
    assertThat(item.title()).isEqualTo("Add an index");
    assertThat(item.owner()).isEqualTo("Dana Scully");
    assertThat(item.due()).isEqualTo(FIRST);
    assertThat(item.ticket()).isEqualTo("OPS-12");
    assertThat(item.priority()).isEqualTo("High");
    assertThat(item.labels()).containsExactly("database", "cheap");
    assertThat(item.done()).isTrue();
    assertThat(item.problems()).isEmpty();
  }

  @Test
  void readsAHeadingWithNothingButFactsBelowIt() {
    List<ParsedItem> items =
        items(
            """
            ## Action items
            ### AI-1: Add an index
            - Owner: @dana
            - Due: 2026-12-01
            ### AI-2: Drop a column
            * Assignee: bo
            """);
    assertThat(items)
        .extracting(ParsedItem::title)
        .containsExactly("Add an index", "Drop a column");
    assertThat(items).extracting(ParsedItem::id).containsExactly("AI-1", "AI-2");
    assertThat(items.get(0).line()).isEqualTo(2);
    assertThat(items.get(0).due()).isEqualTo(FIRST);
    assertThat(items.get(1).owner()).isEqualTo("bo");
    assertThat(items.get(1).labels()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "- ✅ Rolled back",
        "- ~~Rolled back~~",
        "- Rolled back (done during the incident)",
        "- DONE: Rolled back",
        "- [x] Rolled back",
        "- Rolled back ✅",
        "- Rolled back [done]"
      })
  void knowsWhatIsDone(String bullet) {
    assertThat(item(bullet).done()).isTrue();
    assertThat(item(bullet).title()).isEqualTo("Rolled back");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "- [ ] Roll back",
        "- Roll back when done",
        "- Roll back (not done)",
        "- Undo ~~it~~ this"
      })
  void knowsWhatIsNotDone(String bullet) {
    assertThat(item(bullet).done()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "- Add an index. Owner: @dana|dana",
        "- Add an index Owner - Dana|Dana",
        "- Add an index - **Owner:** Dana Scully|Dana Scully",
        "- Add an index (Owner: dana@example.org)|dana@example.org",
        "- [ ] Add an index (@dana@example.org, 2026-12-01)|dana@example.org",
        "- [ ] Add an index @dana@example.org|dana@example.org",
        "- Add an index (@dana)|dana",
        "- Add an index @dana|dana",
        "- Add an index — @dana|dana",
        "- @dana: Add an index|dana",
        "- Add an index (Dana, by 2026-12-01)|Dana",
        "- Add an index [@dana](https://github.com/dana)|dana",
        "- Add an index; assignee: dana; due: 2026-12-01|dana",
        "- Add an index (Owner: @dana, due: 2026-12-01)|dana",
        "- Add an index OPS-1 (@dana)|dana",
        "- Add an index (@dana) OPS-1|dana"
      })
  void knowsWhoIsToDoIt(String bullet, String owner) {
    assertThat(item(bullet).owner()).isEqualTo(owner);
    assertThat(item(bullet).title()).isEqualTo("Add an index");
    assertThat(item(bullet).problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "- Write it down [20m]",
        "- Write it down (Owner: TBD)",
        "- Write it down. Owner: n/a",
        "- Write it down, Owner: @tbd",
        "- Write it down (proposal from @timja)",
        "- Write it down as said by someone, thanks to @timja",
        "- Write it down (optional)",
        "- Use `npm i @dana`",
        "- Change the code owner: file of the repository to be right",
        "- Mail ops about @dana leaving us"
      })
  void namesNobodyWhoWasNotNamed(String bullet) {
    assertThat(item(bullet).owner()).isNull();
    assertThat(item(bullet).problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "- Add it. Owner: @dana, @bo",
        "- Add it. Owner: @dana and @bo",
        "- Add it (@dana, @bo)",
        "- Add it @dana @bo",
        "- Add it. Owners: dana / bo"
      })
  void takesTheFirstOfSeveralOwnersAndNamesTheOthers(String bullet) {
    assertThat(item(bullet).owner()).isEqualTo("dana");
    assertThat(item(bullet).problems())
        .containsExactly(
            "several owners, and only dana is taken, not bo; name one, or split the item");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-12-01", "2026/12/01", "Dec 1, 2026", "December 1st 2026", "1 December 2026",
        "1st of Dec 2026", "01.12.2026", "1.12.2026", "Tue, 1 Dec 2026", "1-Dec-2026"
      })
  void readsDates(String date) {
    for (String bullet :
        List.of(
            "- Add it, due " + date,
            "- Add it. Due: " + date,
            "- Add it (@dana, " + date + ")",
            "- Add it (@dana, by " + date + ")",
            "- Add it\n  - Due date: " + date,
            "| Action | Due |\n|---|---|\n| Add it | " + date + " |")) {
      assertThat(item(bullet).due()).as(bullet).isEqualTo(FIRST);
      assertThat(item(bullet).title()).as(bullet).isEqualTo("Add it");
      assertThat(item(bullet).problems()).as(bullet).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"next sprint", "Q4", "ASAP", "2026-13-45", "31.02.2026", "end of year", "soon"})
  void saysWhichDueDateIsNone(String date) {
    for (String bullet :
        List.of(
            "- Add it. Due: " + date,
            "- Add it (Due: " + date + ")",
            "| Action | Due |\n|---|---|\n| Add it | " + date + " |")) {
      assertThat(item(bullet).due()).as(bullet).isNull();
      assertThat(item(bullet).title()).as(bullet).isEqualTo("Add it");
      assertThat(item(bullet).problems())
          .as(bullet)
          .containsExactly("the due date \"" + date + "\" is not a day; write it as 2026-12-01");
    }
  }

  @Test
  void refusesToGuessWhichNumberIsTheMonth() {
    assertThat(item("- Add it, due 12/01/2026").due()).isNull();
    assertThat(item("- Add it, due 12/01/2026").problems())
        .containsExactly(
            "the due date \"12/01/2026\" is ambiguous; write it as 2026-12-01 or 2026-01-12");
    assertThat(item("- Add it, due 13/01/2026").due()).isEqualTo(LocalDate.of(2026, 1, 13));
    assertThat(item("- Add it, due 01/13/2026").due()).isEqualTo(LocalDate.of(2026, 1, 13));
    assertThat(item("- Add it, due 05/05/2026").due()).isEqualTo(LocalDate.of(2026, 5, 5));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "- Look at what changed on 2026-11-02 in the logs",
        "- Avoid 400s by waiting for servers",
        "- Compare with the outage of 2026-11-02 again",
        "- Add it. Due: TBD",
        "- Restart the due process"
      })
  void takesNoOtherDateForADueDate(String bullet) {
    assertThat(item(bullet).due()).isNull();
    assertThat(item(bullet).problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "- Fix it - OPS-12|OPS-12",
        "- OPS-12: Fix it|OPS-12",
        "- Fix it [OPS-12](https://acme.atlassian.net/browse/OPS-12)|OPS-12",
        "- Fix it ([ticket](https://jira.acme.org/browse/OPS-12))|OPS-12",
        "- Fix it https://jira.acme.org/browse/OPS-12?focus=1|OPS-12",
        "- Fix it (https://github.com/a/b/issues/7)|https://github.com/a/b/issues/7",
        "- Fix it (https://github.com/a/b/pull/7/files#r1).|https://github.com/a/b/pull/7",
        "- Fix it [[PR](https://github.com/a/b/pull/7)]|https://github.com/a/b/pull/7",
        "- Fix it"
            + " https://gitlab.com/a/b/-/merge_requests/7|https://gitlab.com/a/b/-/merge_requests/7",
        "- Fix it (see https://github.com/a/b/issues/7).|https://github.com/a/b/issues/7",
        "- Fix it ([issue][one])|https://github.com/a/b/issues/1",
        "- Fix it (https://github.com/a/b/issues/7) OPS-12|OPS-12"
      })
  void knowsTheTicket(String bullet, String ticket) {
    ParsedItem item = item(bullet + "\n\n[one]: https://github.com/a/b/issues/1");
    assertThat(item.ticket()).isEqualTo(ticket);
    assertThat(item.title()).isEqualTo("Fix it");
    assertThat(item.problems()).isEmpty();
  }

  @Test
  void keepsTicketsWithinASentence() {
    ParsedItem item = item("- Compare [OPS-44](https://j.org/browse/OPS-44) with OPS-45");
    assertThat(item.title()).isEqualTo("Compare OPS-44 with OPS-45");
    assertThat(item.ticket()).isEqualTo("OPS-44");
    assertThat(item("- Merge https://github.com/a/b/pull/7 after review").title())
        .isEqualTo("Merge https://github.com/a/b/pull/7 after review");
    assertThat(
            item("- Fix it (https://github.com/a/b/pull/7) (https://github.com/a/b/pull/8)")
                .title())
        .isEqualTo("Fix it");
  }

  @Test
  void readsTheExamplesOfTheManual() throws Exception {
    List<String> examples =
        java.util.regex.Pattern.compile("(?s)```markdown\\n(.*?)```")
            .matcher(java.nio.file.Files.readString(java.nio.file.Path.of("docs/postmortems.md")))
            .results()
            .map(example -> example.group(1))
            .toList();
    assertThat(examples).hasSize(2);
    Postmortem whole = read(examples.get(0));
    assertThat(whole.incident()).isEqualTo("INC0010001");
    assertThat(whole.problems()).isEmpty();
    assertThat(whole.items()).hasSize(2).allMatch(item -> item.problems().isEmpty());
    assertThat(whole.items().get(0).id()).isEqualTo("AI-1");
    assertThat(whole.items().get(0).owner()).isEqualTo("dana");
    assertThat(whole.items().get(0).due()).isEqualTo(FIRST);
    assertThat(whole.items().get(0).ticket()).isEqualTo("OPS-12");
    Postmortem shapes = read("## Action items\n" + examples.get(1));
    assertThat(shapes.problems()).isEmpty();
    assertThat(shapes.items()).hasSize(7).allMatch(item -> item.problems().isEmpty());
    assertThat(shapes.items()).filteredOn(item -> item.due() != null).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "- Read https://acme.pagerduty.com/incidents/Q1ABCDEFGHIJKL again",
        "- Read [the thread](https://acme.slack.com/archives/C1/p1759503579040139)",
        "- Read https://docs.acme.org/issues/how-to",
        "- Use UTF-8 and SHA-256 in RFC-2616",
        "- Test `OPS-12` in code",
        "- Fix the issue: servers stop"
      })
  void takesNoOtherLinkForATicket(String bullet) {
    assertThat(item(bullet).ticket()).isNull();
    assertThat(item(bullet).problems()).isEmpty();
  }

  @Test
  void tellsOfACellThatHoldsNoTicket() {
    ParsedItem item = item("| Action | Ticket |\n|---|---|\n| Fix it | will file |");
    assertThat(item.ticket()).isNull();
    assertThat(item.problems()).singleElement().asString().contains("\"will file\"", "OPS-12");
    assertThat(item("| Action | Ticket |\n|---|---|\n| Fix it | TBD |").problems()).isEmpty();
  }

  @Test
  void keepsTheBulletThatIsNothingButATicket() {
    ParsedItem item = item("- https://github.com/a/b/issues/7");
    assertThat(item.title()).isEqualTo("https://github.com/a/b/issues/7");
    assertThat(item.problems()).containsExactly("nothing but a ticket; say what is to be done");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"- AI-3: Fix it|AI-3", "- [ ] A1. Fix it|A1", "- Fix it|", "- OPS-3: Fix it|"})
  void knowsTheStatedId(String bullet, String id) {
    assertThat(item(bullet).id()).isEqualTo(id);
    assertThat(item(bullet).title()).isEqualTo("Fix it");
  }

  @Test
  void tellsOfAnIdThatIsUsedTwice() {
    List<ParsedItem> items = items("## Action items\n- AI-1: one\n- AI-1: two\n");
    assertThat(items.get(0).problems()).isEmpty();
    assertThat(items.get(1).problems())
        .containsExactly("the id \"AI-1\" is also used in line 2; give each item its own");
  }

  @Test
  void reportsQuestionsRatherThanTakingThemForActions() {
    Postmortem read =
        read(
            "## Action items\n"
                + "- Q: Would a test have helped?\n"
                + "  - A: perhaps\n"
                + "- Move away?\n"
                + "- Fix it\n");
    assertThat(read.items()).extracting(ParsedItem::title).containsExactly("Fix it");
    assertThat(read.problems()).extracting(ParseProblem::line).containsExactly(2, 4);
    assertThat(item("- [ ] Move away?").title()).isEqualTo("Move away?");
  }

  @Test
  void takesTheFirstSentenceOfALongTextForItsTitle() {
    String more = "This sentence goes on about e.g. pods and the v1.2 of vs. Something else. ";
    ParsedItem item = item("- Start earlier. " + more.repeat(4));
    assertThat(item.title()).isEqualTo("Start earlier");
    assertThat(item.excerpt()).contains("Something else");
    assertThat(item("- " + "word ".repeat(500)).title()).hasSizeBetween(200, 250).endsWith("…");
  }

  @Test
  void readsCheckboxesElsewhereOnlyWithAnOwnerADayOrATicket() {
    Postmortem read =
        read(
            """
            ## Wrap-up
            - [ ] Add an index (@dana)
            - [ ] tell legal
            - [ ] tell sales
            ## Checklist
            - [ ] incident declared
            """);
    assertThat(read.items()).extracting(ParsedItem::title).containsExactly("Add an index");
    assertThat(read.problems())
        .singleElement()
        .satisfies(p -> assertThat(p.line()).isEqualTo(3))
        .satisfies(p -> assertThat(p.text()).contains("put them under \"Action items\""));
  }

  @Test
  void readsWhatIsQuoted() {
    assertThat(items("> ## Action items\n> - Add an index\n>   soon\n\n- not this\n"))
        .singleElement()
        .satisfies(item -> assertThat(item.title()).isEqualTo("Add an index soon"))
        .satisfies(item -> assertThat(item.excerpt()).isEqualTo("- Add an index\n  soon"));
  }

  @Test
  void acceptsThatNothingIsToDo() {
    for (String nothing :
        List.of("None.", "n/a", "No action items", "_No further action needed._")) {
      assertThat(read("## Action items\n\n" + nothing + "\n").problems()).as(nothing).isEmpty();
    }
    assertThat(read("## Action items\n\nWe reverted it.\n").problems()).hasSize(1);
    assertThat(read("## Action items\n").problems()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "---\\nincident: INC0010001\\n---|INC0010001",
        "---\\nIncident_ID: Q1ABCDEFGHIJKL\\n---|Q1ABCDEFGHIJKL",
        "---\\nincident-id: \"#12\"\\n---|#12",
        "---\\npagerduty: PT4KHLK\\n---|PT4KHLK",
        "---\\nServiceNow: INC0010001\\n---|INC0010001",
        "---\\njira: OPS-12\\n---|OPS-12",
        "---\\nstatus: PUBLISHED\\nticket: https://acme.atlassian.net/browse/OPS-12\\n---|OPS-12",
        "# INC0010001: portal down|INC0010001",
        "# Incident #12 - portal down|#12",
        "# [OPS-12](https://acme.atlassian.net/browse/OPS-12) portal|OPS-12",
        "# Portal\\n\\n**Incident:** INC0010001|INC0010001",
        "# Portal\\n"
            + "\\n"
            + "Date: 2026-11-02\\n"
            + "Incident: https://acme.pagerduty.com/incidents/Q1ABC?x=1|Q1ABC",
        "# Portal\\n\\n- **Incident**: [Q1ABC](https://acme.pagerduty.com/incidents/Q1ABC)|Q1ABC",
        "# Portal\\n\\n- ServiceNow: INC0010001|INC0010001",
        "# Portal\\n\\n&#124; &#124; &#124;|",
        "# Portal\\n"
            + "\\n"
            + "Incident:"
            + " https://acme.service-now.com/nav_to.do?uri=incident.do%3Fsys_id%3D0123456789abcdef0123456789abcdef|0123456789abcdef0123456789abcdef",
        "# Portal\\n"
            + "\\n"
            + "Incident:"
            + " https://acme.service-now.com/incident.do?sys_id=0123456789abcdef0123456789abcdef|0123456789abcdef0123456789abcdef",
        "# 2018-02-20, everything down|",
        "# SEV-1 on UTF-8|",
        "# Portal\\n\\nIncident: 2018-02-20|",
        "# Fix of PR #428|"
      })
  void knowsTheIncident(String document, String incident) {
    assertThat(read(document.replace("\\n", "\n")).incident()).isEqualTo(incident);
  }

  @Test
  void findsTheIncidentInATable() {
    assertThat(
            read("# Portal\n\n| Incident | INC0010001 |\n|---|---|\n| Date | 2026-11-02 |\n")
                .incident())
        .isEqualTo("INC0010001");
    assertThat(
            read("# Portal\n\n| Date | x |\n|---|---|\n| **Incident Number** | #12 |\n").incident())
        .isEqualTo("#12");
    assertThat(read("# Portal\n\n| Incident Number | |\n|---|---|\n| Lead | |\n").incident())
        .isNull();
  }

  @Test
  void prefersFrontMatterToTheHeadingAndThatToTheText() {
    assertThat(
            read("---\nincident: INC0000001\n---\n# INC0000002\nIncident: INC0000003\n").incident())
        .isEqualTo("INC0000001");
    assertThat(read("# INC0000002\nIncident: INC0000003\n").incident()).isEqualTo("INC0000002");
  }

  @Test
  void knowsTheLineThatNamesTheIncident() {
    assertThat(read("---\ntitle: x\nincident: INC0000001\n---\n# Portal\n").incidentLine())
        .isEqualTo(3);
    assertThat(read("# Portal\n\nDate: x\nIncident: INC0000003\n").incidentLine()).isEqualTo(4);
    assertThat(read("# Portal\n").incidentLine()).isEqualTo(1);
  }

  @Test
  void readsTheTitle() {
    assertThat(read("Text\n\n# The *portal* was <b>down</b>\n").title())
        .isEqualTo("The portal was down");
    assertThat(read("---\ntitle: Portal\n---\nText\n").title()).isEqualTo("Portal");
    assertThat(read("Text\n").title()).isEmpty();
  }

  @Test
  void readsTheSameWhateverEndsALine() {
    String document = "# P\n\n## Action items\n\n- one\n  more\n- two (@dana, 2026-12-01)\n";
    assertThat(read(document.replace("\n", "\r\n"))).isEqualTo(read(document));
    assertThat(read(document.replace("\n", "\r"))).isEqualTo(read(document));
    assertThat(read("\uFEFF" + document)).isEqualTo(read(document));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-\u00A0[ ] Add an index (@dana, 2026-12-01)",
        "- [ ]\u00A0Add an index (@dana,\u202F2026-12-01)",
        "- [ ] Add\u200B an index (@da\u00ADna, 2026\u201112\u201101)",
        "- [ ] Add an index (Owner:\u00A0dana, due\u00A0Dec\u00A01,\u00A02026)",
        "- [ ] Add an index \uFF08@dana\uFF0C\uFF12\uFF10\uFF12\uFF16-12-01\uFF09",
        "- [ ] Add an index (@dana, 2026–12–01)",
        "- [ ] Add an index (@dana,&nbsp;2026-12-01)",
        "- [ ] Add an index\u2028  - Owner: dana\u2028  - Due:\u3000Dec 1, 2026",
        "| Action\u00A0item | Owner\u00A0 | Due\u00A0date |\n"
            + "|---|---|---|\n"
            + "| Add an index | dana\u00A0 | 1\u00A0December\u00A02026 |"
      })
  void readsWhatWordProcessorsMakeOfSpacesAndDigits(String bullet) {
    ParsedItem item = item(bullet);
    assertThat(item.title()).isEqualTo("Add an index");
    assertThat(item.owner()).isEqualTo("dana");
    assertThat(item.due()).isEqualTo(FIRST);
    assertThat(item.problems()).isEmpty();
  }

  @Test
  void leavesCodeAsItIs() {
    assertThat(item("- Replace `a\u00A0b` by `a b`").title()).isEqualTo("Replace a b by a b");
    assertThat(item("- Replace `a\u200Bb` by\u00A0x").excerpt()).contains("`a\u200Bb` by x");
    assertThat(item("- Fix it\n  ```\n  a\u200Bb\n  ```").excerpt()).contains("a\u200Bb");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Done ✅|DONE",
        "🟢 Complete|DONE",
        "Completed 2026-11-20|DONE",
        "Merged in #12|DONE",
        "Fixed by Dana|DONE",
        "100%|DONE",
        "100 % done|DONE",
        "[x]|DONE",
        "~~open~~ done|DONE",
        "Erledigt|DONE",
        "terminé|DONE",
        "完了|DONE",
        "not done|OPEN",
        "almost done|OPEN",
        "90% done|OPEN",
        "To be closed|OPEN",
        "noch nicht erledigt|OPEN",
        "In Progress (waiting for parts)|OPEN",
        "Blocked by OPS-7|OPEN",
        "未着手|OPEN",
        "Won't do|CANCELLED",
        "Won’t fix|CANCELLED",
        "Cancelled 2026-11-20|CANCELLED",
        "closed as duplicate|CANCELLED",
        "no longer needed|CANCELLED",
        "annulé|CANCELLED",
        "done except the docs|OPEN",
        "done, the docs follow|UNCLEAR",
        "not cancelled|UNCLEAR",
        "see Dana|UNCLEAR",
        "🤷|UNCLEAR",
        "150%|UNCLEAR"
      })
  void understandsAStatusInWords(String status, Status expected) {
    ParsedItem item =
        item("| Action | Status |\n|---|---|\n| Add an index | %s |".formatted(status));
    assertThat(item.status()).isEqualTo(expected);
    assertThat(item.title()).isEqualTo("Add an index");
    if (expected == Status.UNCLEAR) {
      assertThat(item.problems())
          .singleElement()
          .asString()
          .contains("\"" + status + "\" is not understood");
    } else {
      assertThat(item.problems()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "- Add an index (won't do)|CANCELLED",
        "- [cancelled] Add an index|CANCELLED",
        "- Add an index - done|DONE",
        "- Add an index. Status: in progress|OPEN",
        "- Add an index **DONE**|DONE",
        "- Cancelled: Add an index|CANCELLED",
        "- [ ] Add an index (in progress)|OPEN",
        "- Add an index\\n  - Status: obsolete|CANCELLED",
        "- [ ] ~~Add an index~~ wontfix|CANCELLED",
        "- [ ] ~~Add an index~~ (won't do)|CANCELLED"
      })
  void understandsAStatusWithinABullet(String bullet, Status expected) {
    ParsedItem item = item(bullet.replace("\\n", "\n"));
    assertThat(item.status()).isEqualTo(expected);
    assertThat(item.title()).isEqualTo("Add an index");
    assertThat(item.problems()).isEmpty();
  }

  @Test
  void saysThatTwoStatusesDisagree() {
    assertThat(item("- [x] Add an index. Status: in progress").status()).isEqualTo(Status.UNCLEAR);
    assertThat(item("- [x] Add an index. Status: in progress").problems())
        .singleElement()
        .asString()
        .contains("the box is ticked, but the status is \"in progress\"");
    assertThat(
            item("| Action | Status | State |\n|---|---|---|\n| Fix it | open | done |").problems())
        .singleElement()
        .asString()
        .contains("two different statuses");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "- Add an index - [Dana Scully](mailto:dana@example.com) - Dec 1, 2026|dana@example.com",
        "- Add an index [Dana](mailto:dana@example.com), 1 Dec 2026|dana@example.com",
        "- Add an index @Dana Scully @December 1, 2026|Dana Scully",
        "- Add an index → @Dana Scully due @December 1, 2026|Dana Scully",
        "- Add an index -- Dana Scully -- 1 Dec 2026|Dana Scully",
        "- Add an index [@Dana Scully](https://acme.atlassian.net/wiki/people/557058) 📅"
            + " 2026-12-01|Dana Scully",
        "- Add an index ([~dana], 2026-12-01)|dana",
        "- Add an index (@dana@example.com, 2026-12-01)|dana@example.com",
        "- Add an index (@dana) [P0] due: 2026-12-01|dana",
        "- Add an index [Dana](https://acme.atlassian.net/wiki/display/~dana) 01 Dec 2026|Dana",
        "- Add an index [~dana] due 2026-12-01|dana",
        "- Add an index @dana 2026-12-01|dana",
        "- Add an index @dana :calendar: 2026-12-01|dana",
        "- Owner: Dana Scully &#124; Due: 2026-12-01 &#124; Add an index|Dana Scully",
        "- Add an index (Verantwortlich: Dana Scully, fällig bis 01.12.2026)|Dana Scully",
        "- Add an index (responsable : Dana Scully, échéance : 1er décembre 2026)|Dana Scully",
        "- Add an index (responsable: Dana Scully, fecha límite: 1 de diciembre de 2026)|Dana"
            + " Scully",
        "- Add an index (responsável: Dana Scully, prazo: 1 de dezembro de 2026)|Dana Scully",
        "- Add an index（担当：Dana Scully、期限：2026年12月1日）|Dana Scully"
      })
  void readsPeopleAndDaysAsToolsAndLanguagesWriteThem(String bullet, String owner) {
    ParsedItem item = item(bullet.replace("&#124;", "|"));
    assertThat(item.owner()).isEqualTo(owner);
    assertThat(item.due()).isEqualTo(FIRST);
    assertThat(item.title()).isEqualTo("Add an index");
    assertThat(item.problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "- Raise the limits within 7 days|within 7 days",
        "- Raise the limits (next week)|next week",
        "- Raise the limits by mid-January 2027|mid-January 2027",
        "- Raise the limits 2026-12-01|2026-12-01",
        "- Raise the limits (devops team)|devops team",
        "- Raise the limits - Dana Scully|Dana Scully",
        "- Dana Scully to raise the limits|Dana Scully",
        "- [Dana] Raise the limits|Owner: Dana",
        "- @dana raise the limits|@dana",
        "- Raise the limits, P1|P1",
        "- Raise the limits (high)|high",
        "- Raise the limits\\n  - Dana Scully|Dana Scully",
        "- Raise the limits\\n  - Next on it: Dana Scully|Dana Scully",
        "- Raise the limits\\n  - next week|next week",
        "- [-] Raise the limits|\"[-]\" is not understood",
        "- Raise it (the platform, next week)|next week",
        "- 訓練を行う(佐藤、12/20まで)|12/20まで",
        "- Raise the limits (2026-12-31 tentative)|2026-12-31"
      })
  void reportsWhatLooksLikeAFactAndIsNotRead(String bullet, String fact) {
    ParsedItem item = item(bullet.replace("\\n", "\n"));
    assertThat(item.problems()).singleElement().asString().contains(fact);
    assertThat(item("- [x] Rolled back 2026-11-02").problems()).isEmpty();
  }

  @Test
  void reportsFactsInColumnsItDoesNotKnow() {
    ParsedItem item =
        item(
            "| Action | Champion | Whenever | Class |\n"
                + "|---|---|---|---|\n"
                + "| Fix it | Dana Scully | 2026-12-01 | P1 |");
    assertThat(item.problems())
        .hasSize(3)
        .allMatch(problem -> problem.startsWith("in column \""))
        .anyMatch(problem -> problem.contains("\"Champion\"") && problem.contains("a person"))
        .anyMatch(problem -> problem.contains("\"Whenever\"") && problem.contains("a due date"))
        .anyMatch(problem -> problem.contains("\"Class\"") && problem.contains("a priority"));
  }

  @Test
  void reportsWhatIsStatedTwiceAndDifferently() {
    assertThat(
            item("| Action | Due | ETA |\n|---|---|---|\n| Fix it | 2026-12-01 | 2026-12-05 |")
                .problems())
        .containsExactly(
            "several due dates, and only 2026-12-01 is taken, not 2026-12-05; keep one of them");
    assertThat(item("| Action | Due |\n|---|---|\n| Fix it (due 2026-12-05) | 2026-12-01 |").due())
        .isEqualTo(FIRST);
    assertThat(item("- [P1] Fix it. Priority: P2").problems())
        .containsExactly("several priorities, and only P2 is taken, not P1; keep one of them");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "~~2026-11-24~~ 2026-12-01|2026-12-01|",
        "2026-12-01T00:00:00Z|2026-12-01|",
        "📅 2026-12-01|2026-12-01|",
        "12/25/26|2026-12-25|",
        "25-12-2026|2026-12-25|",
        "Nov 28 - Dec 1, 2026|2026-12-01|is a range; its end 2026-12-01 is used",
        "2026-11-28 → 2026-12-01|2026-12-01|is a range; its end 2026-12-01 is used",
        "2026-12-01?|2026-12-01|has a question mark",
        "2026-12-01 after the freeze|2026-12-01|\"after the freeze\" next to the due date is not"
            + " read",
        "2026-02-30||is not a day",
        "2026-W49||is not a day",
        "1/2/26||is ambiguous",
        "end of December||is not a day"
      })
  void readsOneDayOfADueCell(String cell, LocalDate day, String problem) {
    ParsedItem item = item("| Action | Due |\n|---|---|\n| Fix it | %s |".formatted(cell));
    assertThat(item.due()).isEqualTo(day);
    if (problem == null) {
      assertThat(item.problems()).isEmpty();
    } else {
      assertThat(item.problems()).singleElement().asString().contains(problem);
    }
  }

  @Test
  void takesTheOrderOfDayAndMonthFromTheDocument() {
    String table = "\n| a | %s |\n| b | %s |\n";
    String english = "## Action items\n\n| Action | Due |\n|---|---|" + table;
    assertThat(items(english.formatted("12/01/2026", "12/25/2026")).get(0).due()).isEqualTo(FIRST);
    assertThat(items(english.formatted("01/12/2026", "25/12/2026")).get(0).due()).isEqualTo(FIRST);
    ParsedItem mixed =
        items(english.formatted("01/12/2026", "25/12/2026") + "| c | 12/25/2026 |\n").get(0);
    assertThat(mixed.due()).isNull();
    assertThat(mixed.problems()).singleElement().asString().contains("is ambiguous");
    String french = "## Plan d'action\n\n| Tâche | Échéance |\n|---|---|" + table;
    assertThat(items(french.formatted("01/12/2026", "02/12/2026")).get(0).due()).isEqualTo(FIRST);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "## Maßnahmen|Maßnahme,Verantwortlich,Fällig bis,Priorität,Status|01.12.2026|offen",
        "## Plan d'actions|Tâche,Responsable,Échéance,Priorité,Statut|1er décembre 2026|en cours",
        "## Acciones correctivas|Acción,Responsable,Fecha límite,Prioridad,Estado|1 de diciembre de"
            + " 2026|en curso",
        "## Plano de ação|Ação,Responsável,Prazo,Prioridade,Situação|1 de dezembro de 2026|em"
            + " andamento",
        "## 再発防止策|対応内容,担当者,期限,優先度,状態|2026年12月1日|対応中",
        "## アクションアイテム|アクション,担当,期日,優先度,ステータス|２０２６年１２月１日|未着手"
      })
  void readsTablesOfOtherLanguages(String heading, String columns, String day, String status) {
    List<ParsedItem> items =
        items(
            "# INC0010001\n\n%s\n\n| %s |\n|---|---|---|---|---|\n| Fix it | Dana | %s | P1 | %s |\n"
                .formatted(heading, columns.replace(",", " | "), day, status));
    assertThat(items).hasSize(1);
    assertThat(items.get(0).title()).isEqualTo("Fix it");
    assertThat(items.get(0).owner()).isEqualTo("Dana");
    assertThat(items.get(0).due()).isEqualTo(FIRST);
    assertThat(items.get(0).priority()).isEqualTo("P1");
    assertThat(items.get(0).status()).isEqualTo(Status.OPEN);
    assertThat(items.get(0).problems()).isEmpty();
  }

  @Test
  void readsATicketColumnThatHoldsAStatusToo() {
    String table = "| Action | Bug |\n|---|---|\n| Fix it | %s |";
    assertThat(item(table.formatted("n/a **DONE**")).status()).isEqualTo(Status.DONE);
    assertThat(item(table.formatted("n/a **DONE**")).problems()).isEmpty();
    assertThat(item(table.formatted("OPS-12 **TODO**")).ticket()).isEqualTo("OPS-12");
    assertThat(item(table.formatted("OPS-12 **TODO**")).problems()).isEmpty();
    assertThat(item(table.formatted("Bug 5554823 **TODO**")).problems())
        .singleElement()
        .asString()
        .contains("the ticket \"Bug 5554823\"");
  }

  @Test
  void readsAnExportWithEscapesAndAnchors() {
    Postmortem read =
        read(
            "# **Shop down \\(INC0010001\\)** {#shop-down}\n\n"
                + "## **Action items** {#action-items}\n\n"
                + "- [ ] Document eu\\_west \\- [Dana](mailto:dana@example.com) \\- Dec 1, 2026\n");
    assertThat(read.title()).isEqualTo("Shop down (INC0010001)");
    assertThat(read.incident()).isEqualTo("INC0010001");
    assertThat(read.items()).singleElement();
    assertThat(read.items().get(0).title()).isEqualTo("Document eu_west");
    assertThat(read.items().get(0).due()).isEqualTo(FIRST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "• Raise the limit",
        "##Backend",
        "-[ ] Raise the limit",
        "+Raise the limit",
        "[ ] Raise the limit",
        "| a | b |",
        "– Raise the limit"
      })
  void reportsALineThatABulletSwallows(String line) {
    Postmortem read = read("## Action items\n\n- Add an index\n" + line + "\n- Third\n");
    assertThat(read.items()).extracting(ParsedItem::title).containsExactly("Add an index", "Third");
    assertThat(read.problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.line()).isEqualTo(4))
        .satisfies(problem -> assertThat(problem.text()).contains("part of the bullet above it"));
    assertThat(read("## Action items\n\n- Add an index\n  of the new kind (a)\n").problems())
        .isEmpty();
  }

  @Test
  void reportsFrontMatterThatIsNoneInsteadOfSwallowingTheDocument() {
    String rest = "# Portal\n\n## Action items\n\n- Add an index\n";
    Postmortem open = read("---\nincident: INC0010001\n\n" + rest);
    assertThat(open.items()).hasSize(1);
    assertThat(open.incident()).isEqualTo("INC0010001");
    assertThat(open.problems())
        .containsExactly(
            new ParseProblem(1, "the front matter is never closed; write --- below its last key"));
    assertThat(read("---\n\n" + rest).problems()).isEmpty();
    assertThat(read("---\nincident INC0010001\ntags: [a,\n  b]\n---\n" + rest).problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.line()).isEqualTo(2));
  }
}
