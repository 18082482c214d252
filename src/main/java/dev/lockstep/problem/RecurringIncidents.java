package dev.lockstep.problem;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;

import dev.lockstep.duplicates.settings.DuplicateSettings;
import dev.lockstep.incident.IncidentFacts;
import dev.lockstep.incident.IncidentStore;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.similarity.LuceneTicketIndex;
import dev.lockstep.similarity.PreparedTicket;
import dev.lockstep.similarity.Similarity;
import dev.lockstep.similarity.TicketIndex;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.springframework.stereotype.Component;

/**
 * Finds incidents that recur: reads what a {@link Recurrence} depends on, service by service, and
 * has the decision stored. Each incident is judged until it is in a problem, since an action item
 * may become known later.
 */
@Component
class RecurringIncidents {
  private final ProblemStore store;
  private final Problems problems;
  private final IncidentStore incidents;
  private final RecordStore records;
  private final IncidentTickets tickets;
  private final ProblemSettings settings;
  private final DuplicateSettings scores;
  private final Clock clock;

  RecurringIncidents(
      ProblemStore store,
      Problems problems,
      IncidentStore incidents,
      RecordStore records,
      IncidentTickets tickets,
      ProblemSettings settings,
      DuplicateSettings scores,
      Clock clock) {
    this.store = store;
    this.problems = problems;
    this.incidents = incidents;
    this.records = records;
    this.tickets = tickets;
    this.settings = settings;
    this.scores = scores;
    this.clock = clock;
  }

  private record Compared(IncidentFacts facts, PreparedTicket ticket) {
    RecordRef ref() {
      return facts.record();
    }
  }

  void run() {
    if (settings.isOff() || !problems.canBeCreated()) {
      return;
    }
    List<RecordRef> opened = store.findOpenedSince(clock.instant().minus(settings.within()));
    Map<RecordRef, IncidentFacts> facts =
        incidents.findAll(opened).stream()
            .collect(toMap(IncidentFacts::record, Function.identity()));
    // Grouping keeps the order in which they were opened.
    opened.stream()
        .map(facts::get)
        .filter(Objects::nonNull)
        .collect(
            groupingBy(
                one -> one.service().strip().toLowerCase(Locale.ROOT),
                LinkedHashMap::new,
                toList()))
        .forEach((service, ofService) -> judge(ofService));
  }

  private void judge(List<IncidentFacts> ofService) {
    List<RecordRef> refs = ofService.stream().map(IncidentFacts::record).toList();
    Map<RecordRef, ProblemStore.Known> known = store.problemsOf(refs);
    if (known.keySet().containsAll(refs) || ofService.size() < 2) {
      return;
    }
    Set<RecordRef> unsolved = store.withOpenActionItems(refs);
    if (settings.openActionItems() && unsolved.isEmpty() && known.isEmpty()) {
      return;
    }
    List<Compared> compared = compared(ofService);
    try (TicketIndex index = new LuceneTicketIndex()) {
      compared.forEach(one -> index.put(one.ticket()));
      for (int i = 1; i < compared.size(); i++) {
        Compared latest = compared.get(i);
        if (known.containsKey(latest.ref())) {
          continue;
        }
        // Earlier ones may have been stored in a problem since this run began.
        Map<RecordRef, ProblemStore.Known> now =
            store.problemsOf(compared.subList(0, i + 1).stream().map(Compared::ref).toList());
        if (!now.containsKey(latest.ref())) {
          List<Recurrence.Earlier> earlier =
              earlier(index, latest, compared.subList(0, i), now, unsolved);
          double least = scores.policyFor(latest.facts().service()).propose();
          problems.store(
              latest.ref(),
              latest.facts().service(),
              latest.ticket().ticket().title(),
              Recurrence.of(earlier, least, settings));
        }
      }
    }
  }

  private List<Compared> compared(Collection<IncidentFacts> ofService) {
    Map<RecordRef, RecordState> states =
        records.findStates(ofService.stream().map(IncidentFacts::record).toList()).stream()
            .collect(toMap(RecordState::ref, Function.identity()));
    List<Compared> compared = new ArrayList<>();
    for (IncidentFacts facts : ofService) {
      RecordState state = states.get(facts.record());
      if (state != null) {
        tickets
            .prepare(facts, state)
            .ifPresent(ticket -> compared.add(new Compared(facts, ticket)));
      }
    }
    return compared;
  }

  private static List<Recurrence.Earlier> earlier(
      TicketIndex index,
      Compared latest,
      List<Compared> before,
      Map<RecordRef, ProblemStore.Known> known,
      Set<RecordRef> unsolved) {
    PreparedTicket later = IncidentTickets.later(latest.ticket());
    List<Recurrence.Earlier> earlier = new ArrayList<>();
    for (Compared one : before) {
      Optional<Similarity> similarity = index.compare(later, one.ref().toString());
      ProblemStore.Known problem = known.get(one.ref());
      similarity.ifPresent(
          found ->
              earlier.add(
                  new Recurrence.Earlier(
                      one.ref(),
                      found.score(),
                      problem == null ? null : problem.id(),
                      problem == null ? null : problem.state(),
                      unsolved.contains(one.ref()))));
    }
    return earlier;
  }
}
