package dev.lockstep.sandbox.demo;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the people and monitors of {@link DuplicateScenario} did, as the judge needs it: which
 * tickets really are about the outage, and what was said on it. Lockstep receives none of this. One
 * thread only.
 */
final class ScenarioFacts {
  /** Ids of PagerDuty's incidents. */
  final List<String> alerts = new ArrayList<>();

  /** The rest of them are of ServiceNow's tickets. */
  final List<String> clinics = new ArrayList<>();

  final List<String> unrelated = new ArrayList<>();

  /** Those of the unrelated that somebody is to be paged for. */
  final List<String> urgent = new ArrayList<>();

  /** Written when all was over. */
  final List<String> late = new ArrayList<>();

  /** What callers were told on the primary. */
  final List<String> comments = new ArrayList<>();

  /** What was said on the primary for nobody but those who work on it. */
  final List<String> internal = new ArrayList<>();

  /** How many proposals a person accepted. */
  int accepted;

  /** Of the postmortem; none was sent if there are none. */
  int actionItems;

  /** The ticket the postmortem is about. */
  String reviewed = "";

  final StakeholderFacts stakeholders = new StakeholderFacts();

  String closeCode = "";
  String closeNotes = "";

  /** Calls to both systems from the first alert until all were told of the end. */
  long apiCalls;

  boolean anything() {
    return !alerts.isEmpty();
  }

  int reports() {
    return alerts.size() + clinics.size() + unrelated.size();
  }

  /**
   * What of this is wrong though some tickets and alerts need no counterpart; an issue for a ticket
   * nobody is to be paged for is wrong whatever it says.
   */
  AgreementCheck.Result excuse(AgreementCheck.Result found) {
    Set<String> mayBeUnlinked = mayBeUnlinked();
    return new AgreementCheck.Result(
        found.verdicts(),
        found.issues().stream()
            .map(
                verdict ->
                    mayBeUnlinked.contains(verdict.ticket().id())
                        ? verdict.with("nobody is paged for the ticket, and it has an issue")
                        : verdict)
            .toList(),
        found.duplicates(),
        found.unlinked().stream()
            .filter(record -> !mayBeUnlinked.contains(record.id()))
            .filter(
                record ->
                    !mayBeUnlinked.contains(
                        record.link().substring(record.link().lastIndexOf('/') + 1)))
            .toList());
  }

  /** Records that need no counterpart on the other side. */
  private Set<String> mayBeUnlinked() {
    Set<String> ids = new HashSet<>(alerts);
    ids.addAll(clinics);
    ids.addAll(unrelated);
    ids.addAll(late);
    urgent.forEach(ids::remove);
    return ids;
  }
}
