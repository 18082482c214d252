package dev.lockstep.problem;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditEvent;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.audit.AuditSubject;
import dev.lockstep.inbox.Hint;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.sync.MappingCatalog;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Proposals of problems, what operators decide about them, and what becomes of them. A decision,
 * its audit and the scheduling of the record that is created are one transaction.
 */
@Component
public class Problems {
  private static final String BY_SETTING = "lockstep";

  private final ProblemStore store;
  private final AuditStore audit;
  private final RecordStore records;
  private final WorkScheduler scheduler;
  private final MappingCatalog mappings;
  private final ProblemSettings settings;
  private final TransactionTemplate transaction;
  private final Clock clock;

  Problems(
      ProblemStore store,
      AuditStore audit,
      RecordStore records,
      WorkScheduler scheduler,
      MappingCatalog mappings,
      ProblemSettings settings,
      TransactionTemplate transaction,
      Clock clock) {
    this.store = store;
    this.audit = audit;
    this.records = records;
    this.scheduler = scheduler;
    this.mappings = mappings;
    this.settings = settings;
    this.transaction = transaction;
    this.clock = clock;
  }

  /**
   * An incident of a problem.
   *
   * @param key empty if its record is not stored any more
   * @param score how similar it was to the most similar one before it; null for the first
   * @param link {@code WAITING}, {@code LINKED}, {@code OTHER}, {@code REFUSED} or {@code ABSENT}
   * @param note why it is not linked; empty if it is, or will be
   */
  public record Member(
      String incident,
      String key,
      String url,
      String title,
      @Nullable Double score,
      String link,
      String note) {}

  /**
   * @param record the problem's record in another system; empty while there is none
   * @param recordKey how it is shown there
   * @param recordState its state there, as last seen
   * @param decidedAt null while it is proposed
   * @param openActionItems the titles of the open action items of its incidents
   */
  public record View(
      long id,
      String state,
      String service,
      String title,
      String record,
      String recordKey,
      String recordState,
      Instant proposedAt,
      @Nullable Instant decidedAt,
      String decidedBy,
      List<Member> incidents,
      List<String> openActionItems) {}

  /** What an operator's decision led to. */
  public sealed interface Outcome {

    /** It was decided, or decided so before. */
    record Decided(View problem, String text) implements Outcome {}

    record Refused(String reason) implements Outcome {}

    record Unknown() implements Outcome {}
  }

  /** Whether a mapping in use creates records of problems. */
  boolean canBeCreated() {
    return mappings.forRecord(Problem.SYSTEM, Problem.KIND).stream()
        .anyMatch(place -> place.mapping().mayStart(place.side()));
  }

  /** Last changed first. */
  public List<View> list(Collection<String> states, int most) {
    return views(store.list(states.stream().map(Problem.State::valueOf).toList(), most));
  }

  public Optional<View> find(long id) {
    return store.find(id).map(problem -> views(List.of(problem)).get(0));
  }

  /** Oldest first. */
  public List<AuditEvent> history(long id) {
    return audit.findAll(subject(id));
  }

  public Outcome accept(long id, String by) {
    if (!canBeCreated()) {
      return new Outcome.Refused(
          "No mapping in use creates records of problems; add problem to LOCKSTEP_MAPPINGS and"
              + " restart");
    }
    return decide(id, Problem.State.ACCEPTED, by, "accepted");
  }

  public Outcome reject(long id, String by) {
    return decide(id, Problem.State.REJECTED, by, "rejected");
  }

  private Outcome decide(long id, Problem.State state, String by, String word) {
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              Problem problem = store.find(id).orElse(null);
              if (problem == null) {
                return new Outcome.Unknown();
              }
              if (problem.state() != Problem.State.PROPOSED && problem.state() != state) {
                return new Outcome.Refused(
                    "It was %s by %s"
                        .formatted(
                            problem.state() == Problem.State.ACCEPTED ? "accepted" : "rejected",
                            problem.decidedBy()));
              }
              if (store.decide(id, state, by)) {
                record(id, word, word + " by " + by, by);
              }
              if (state == Problem.State.ACCEPTED) {
                store.renewLinks(id);
                schedule(problem.ref());
              }
              return new Outcome.Decided(find(id).orElseThrow(), word);
            }));
  }

  /** Stores a decision about an incident that may recur. */
  void store(RecordRef incident, String service, String title, Recurrence decision) {
    transaction.executeWithoutResult(
        status -> {
          if (decision instanceof Recurrence.Join join) {
            store.addMember(join.problem(), incident, join.score());
            record(join.problem(), "incident", incident + " is one more", "");
          } else if (decision instanceof Recurrence.Propose proposal) {
            propose(incident, service, title, proposal);
          }
        });
  }

  private void propose(
      RecordRef incident, String service, String title, Recurrence.Propose proposal) {
    Problem problem = store.add(service, title);
    proposal.incidents().forEach(one -> store.addMember(problem.id(), one.incident(), null));
    store.addMember(problem.id(), incident, proposal.score());
    record(
        problem.id(),
        "proposed",
        "%d incidents of %s".formatted(proposal.incidents().size() + 1, service),
        "");
    if (settings.isAutomatic()) {
      decide(problem.id(), Problem.State.ACCEPTED, BY_SETTING, "accepted");
    }
  }

  private void schedule(RecordRef ref) {
    scheduler.schedule(ref, Map.of(ref, Hint.toFetch(false, false)), clock.instant());
  }

  private void record(long id, String what, String text, String by) {
    audit.record(subject(id), List.of(new AuditEntry(what, text, Map.of(), by)));
  }

  private static AuditSubject subject(long id) {
    return new AuditSubject(Problem.KIND, Long.toString(id));
  }

  /** In the same order. */
  List<View> views(List<Problem> problems) {
    List<Long> ids = problems.stream().map(Problem::id).toList();
    List<ProblemStore.Member> members = store.members(ids);
    Map<Long, List<String>> openActionItems = store.openActionItems(ids);
    Map<RecordRef, RecordState> states =
        records.findStates(members.stream().map(ProblemStore.Member::incident).toList()).stream()
            .collect(Collectors.toMap(RecordState::ref, state -> state));
    List<View> views = new ArrayList<>();
    for (Problem problem : problems) {
      views.add(
          new View(
              problem.id(),
              problem.state().name(),
              problem.service(),
              problem.title(),
              problem.counterpart(),
              problem.counterpartKey(),
              problem.knownState(),
              problem.proposedAt(),
              problem.decidedAt(),
              problem.decidedBy(),
              members.stream()
                  .filter(member -> member.problem() == problem.id())
                  .map(member -> view(member, states.get(member.incident())))
                  .toList(),
              openActionItems.getOrDefault(problem.id(), List.of())));
    }
    return views;
  }

  private static Member view(ProblemStore.Member member, @Nullable RecordState state) {
    return new Member(
        member.incident().toString(),
        state == null ? "" : state.key(),
        state == null ? "" : state.url(),
        state == null ? "" : title(state),
        member.score(),
        member.link().name(),
        member.note());
  }

  private static String title(RecordState state) {
    return state.values().values().stream()
        .map(values -> values.get("title"))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse("");
  }
}
