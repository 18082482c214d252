package dev.lockstep.postmortem.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Postmortems that were published, and templates for them; counted by hand. They are other people's
 * text, so they are read where {@code LOCKSTEP_SHARED} points and are no part of this repository.
 */
final class PostmortemSamplesTest {
  private final MarkdownReader reader = ShippedWords.reader();

  private Postmortem read(String name) {
    String shared =
        System.getProperty(
            "LOCKSTEP_SHARED", System.getenv().getOrDefault("LOCKSTEP_SHARED", "../shared"));
    Path file = Path.of(shared, "samples", "postmortems", name + ".md");
    assumeThat(file).describedAs("published postmortems").exists();
    try {
      return reader.read(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * What a careful person counts. None names an incident by a number. In the remarks: what is
   * arguable.
   *
   * <ul>
   *   <li>AKS: four bullets under Short, Medium and Long-term; what is nested discusses them.
   *   <li>fastly: a group of one item, one item with another below it that has its own ticket, one
   *       of three in the second group (the other two ask something), and one with a ticket. The
   *       first bullet is a remark, but only a person can tell.
   *   <li>jenkinsio: "Q: would …?" under Long-term is a question, not an item.
   *   <li>moj: four links below a bullet "Review actions" that stands for a heading.
   *   <li>2018: one paragraph "[Action Item]" in the timeline, and 4 + 2 + 5 + 10 bullets.
   *   <li>surveys: three bullets, a paragraph "Action item:", three and three bullets.
   *   <li>SYNTHETIC: the table stands behind a fence that was never closed; a person sees it.
   *   <li>Templates have none.
   * </ul>
   */
  @ParameterizedTest
  @CsvSource({
    // file, items, done, with a ticket, with an owner, with a due date, problems of the document
    "2i2c__2025-08-12-leap-outage,5,2,2,0,0,0",
    "jenkins-infra__2021-06-02-AKS-incident,4,1,0,0,0,0",
    "jenkins-infra__2021-06-08-fastly-outage,6,0,3,0,0,2",
    "jenkins-infra__2021-11-18-jenkinsio-outage,2,1,0,0,0,1",
    "moj__2024-07-25-elasticsearch-logging,4,0,4,0,0,0",
    "mybinder__2018-02-20-jupyterlab-announcement,22,0,17,0,0,0",
    "mybinder__2022-01-27-prime-version,4,0,4,0,0,0",
    "mybinder__template,0,0,0,0,0,7",
    "posthog__2025-10-03-surveys-sdk-bug,10,2,3,4,0,0",
    "posthog__template,0,0,0,0,0,1",
    "template__michael-kehoe,0,0,0,0,0,1",
    "wshobson__postmortem-writing-details_SYNTHETIC,6,0,6,6,6,1"
  })
  void readsWhatACarefulPersonWould(
      String name, int items, int done, int tickets, int owners, int due, int problems) {
    Postmortem read = read(name);
    assertThat(read.incident()).isNull();
    assertThat(read.items()).hasSize(items);
    assertThat(read.items()).filteredOn(ParsedItem::done).hasSize(done);
    assertThat(read.items()).filteredOn(item -> item.ticket() != null).hasSize(tickets);
    assertThat(read.items()).filteredOn(item -> item.owner() != null).hasSize(owners);
    assertThat(read.items()).filteredOn(item -> item.due() != null).hasSize(due);
    assertThat(read.problems()).hasSize(problems);
    assertThat(read.items()).allMatch(item -> !item.excerpt().isBlank());
  }

  @Test
  void readsCheckboxesOf2i2c() {
    Postmortem read = read("2i2c__2025-08-12-leap-outage");
    assertThat(read.items()).extracting(ParsedItem::line).containsExactly(88, 89, 90, 91, 92);
    assertThat(read.items().get(3).ticket())
        .isEqualTo("https://github.com/2i2c-org/infrastructure/pull/6555");
  }

  @Test
  void readsGroupsAndKeysOfJenkins() {
    Postmortem read = read("jenkins-infra__2021-06-08-fastly-outage");
    assertThat(read.items()).extracting(ParsedItem::line).containsExactly(45, 47, 51, 52, 55, 60);
    assertThat(read.items().get(1).ticket()).isEqualTo("INFRA-3007");
    assertThat(read.items().get(1).labels())
        .containsExactly("Short term", "Improve the status.jenkins.io update");
    assertThat(read.items().get(3).ticket()).isEqualTo("INFRA-3008");
    assertThat(read.items().get(5).labels()).containsExactly("Long-term");
    assertThat(read.problems()).extracting(ParseProblem::line).containsExactly(54, 56);
    Postmortem discussed = read("jenkins-infra__2021-06-02-AKS-incident");
    assertThat(discussed.items().get(1).excerpt())
        .contains("Get-AppRegistrationExpiration", "JIRA");
    assertThat(discussed.items().get(0).done()).isTrue();
  }

  @Test
  void resolvesReferencesOfMyBinder() {
    Postmortem read = read("mybinder__2022-01-27-prime-version");
    assertThat(read.items().get(1).ticket())
        .isEqualTo("https://github.com/jupyterhub/mybinder.org-deploy/pull/2113");
    assertThat(read.items().get(0).labels()).containsExactly("Process improvements");
    assertThat(read("mybinder__2018-02-20-jupyterlab-announcement").items())
        .extracting(ParsedItem::line)
        .startsWith(37, 350)
        .endsWith(382);
    assertThat(read("mybinder__template").problems())
        .extracting(ParseProblem::line)
        .containsExactly(3, 60, 61, 65, 66, 70, 71);
  }

  @Test
  void readsMarksOwnersAndTargetsOfPostHog() {
    List<ParsedItem> items = read("posthog__2025-10-03-surveys-sdk-bug").items();
    assertThat(items.get(3).title()).isEqualTo("Start incidents earlier");
    assertThat(items.subList(0, 2)).allMatch(ParsedItem::done);
    assertThat(items)
        .extracting(ParsedItem::owner)
        .filteredOn(Objects::nonNull)
        .containsOnly("lucasheriques");
    assertThat(items.subList(7, 10)).allMatch(i -> i.problems().toString().contains("Q4 2025"));
    assertThat(items.subList(0, 7)).allMatch(i -> i.problems().isEmpty());
  }

  @Test
  void readsTheTableOfTheWorkedExample() {
    ParsedItem first = read("wshobson__postmortem-writing-details_SYNTHETIC").items().get(0);
    assertThat(first.line()).isEqualTo(144);
    assertThat(first.owner()).isEqualTo("alice");
    assertThat(first.due()).isEqualTo(LocalDate.of(2024, 1, 22));
    assertThat(first.ticket()).isEqualTo("ENG-1234");
    assertThat(first.priority()).isEqualTo("P0");
  }
}
