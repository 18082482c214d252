package dev.lockstep.api;

import dev.lockstep.pair.PairQueries;
import dev.lockstep.pair.PairQueries.Detail;
import dev.lockstep.pair.PairQueries.Event;
import dev.lockstep.pair.PairQueries.Field;
import dev.lockstep.pair.PairQueries.Member;
import dev.lockstep.pair.PairQueries.Note;
import dev.lockstep.pair.PairQueries.Summary;
import dev.lockstep.pause.PauseOperations;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Pairs: list and show; documented in {@code docs/api.md}. */
@RestController
@RequestMapping("/api/pairs")
class PairsController {
  private static final int MAX_LIMIT = 1000;

  private final PairQueries pairs;
  private final PauseOperations pauses;

  PairsController(PairQueries pairs, PauseOperations pauses) {
    this.pairs = pairs;
    this.pauses = pauses;
  }

  @GetMapping
  PairList list(@RequestParam(name = "limit", defaultValue = "100") int limit) {
    return new PairList(
        pairs.list(DecisionParameters.limit(limit, MAX_LIMIT)).stream().map(this::line).toList());
  }

  @GetMapping("/{id}")
  PairDetail show(@PathVariable("id") String id) {
    return pairs
        .find(id)
        .map(this::whole)
        .orElseThrow(
            () -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no pair " + id));
  }

  record PairList(List<PairLine> pairs) {}

  /**
   * @param paused whether it is held back by a pause
   */
  record PairLine(
      String id,
      String mapping,
      String state,
      @Nullable RecordLine left,
      @Nullable RecordLine right,
      int gaps,
      boolean paused,
      Instant changedAt) {}

  record RecordLine(String ref, String system, String key, String url) {}

  record NoteLine(
      String from, String id, String author, Instant createdAt, String text, String state) {}

  record PairDetail(PairLine pair, List<Field> fields, List<NoteLine> notes, List<Event> history) {}

  private PairLine line(Summary pair) {
    return new PairLine(
        pair.id(),
        pair.mapping(),
        pair.state(),
        record(pair.left()),
        record(pair.right()),
        pair.gaps(),
        isPaused(pair),
        pair.changedAt());
  }

  private boolean isPaused(Summary pair) {
    Set<String> systems =
        Stream.of(pair.left(), pair.right())
            .flatMap(Stream::ofNullable)
            .map(member -> member.ref().system())
            .collect(Collectors.toSet());
    return !pauses.ofMapping(pair.mapping(), systems).isEmpty();
  }

  private static @Nullable RecordLine record(@Nullable Member member) {
    return Optional.ofNullable(member)
        .map(m -> new RecordLine(m.ref().toString(), m.ref().system(), m.key(), m.url()))
        .orElse(null);
  }

  private PairDetail whole(Detail detail) {
    return new PairDetail(
        line(detail.summary()),
        detail.fields(),
        detail.notes().stream().map(PairsController::note).toList(),
        detail.history());
  }

  private static NoteLine note(Note note) {
    return new NoteLine(
        note.from().label(), note.id(), note.author(), note.createdAt(), note.text(), note.state());
  }
}
