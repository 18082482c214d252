package dev.lockstep.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.lockstep.connector.ChangePage;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.inbox.InboundEvent;
import dev.lockstep.inbox.Inbox;
import dev.lockstep.inbox.UnparseableWebhook;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import dev.lockstep.testkit.SettableClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.TransientDataAccessResourceException;

class ChangeDispatcherTest {
  private static final RecordRef ONE = new RecordRef("itsm", "incident", "1");
  private static final RecordRef TWO = new RecordRef("itsm", "incident", "2");
  private static final RecordRef THREE = new RecordRef("itsm", "incident", "3");

  private final SettableClock clock = new SettableClock();
  private final List<InboundEvent> received = new ArrayList<>();
  private Consumer<InboundEvent> onEvent = event -> {};
  private final ChangeDispatcher dispatcher =
      new ChangeDispatcher(
          new Inbox() {
            @Override
            public void receive(InboundEvent event) {
              onEvent.accept(event);
              received.add(event);
            }

            @Override
            public void addDeadLetter(UnparseableWebhook webhook) {
              throw new UnsupportedOperationException();
            }
          },
          clock);

  private static NativeRecord state(RecordRef ref) {
    return new NativeRecord(
        ref,
        ref.id(),
        "",
        Version.count(1),
        Instant.EPOCH,
        "",
        JsonNodeFactory.instance.objectNode());
  }

  private static WorkNote note(RecordRef ref) {
    return new WorkNote(ref.id(), "ann", Instant.EPOCH, "Restarted", Visibility.INTERNAL);
  }

  private InboundEvent event(
      RecordRef ref, @Nullable NativeRecord state, List<WorkNote> notes, boolean incomplete) {
    return new InboundEvent(InboundEvent.POLL, "", ref, state, notes, incomplete, clock.instant());
  }

  @Test
  void dispatchesOneEventForEachRecordOfAPage() {
    NativeRecord one = state(ONE);
    WorkNote note = note(ONE);
    dispatcher.dispatch(
        "feed",
        new ChangePage(
            List.of(one), Map.of(ONE, List.of(note), TWO, List.of(note(TWO))), Set.of(THREE), null),
        Set.of());

    assertThat(received)
        .containsExactly(
            event(ONE, one, List.of(note), false),
            event(TWO, null, List.of(note(TWO)), false),
            event(THREE, null, List.of(), true));
  }

  @Test
  void aRecordThatMustBeFetchedKeepsItsNotesOnlyWithItsState() {
    NativeRecord one = state(ONE);
    dispatcher.dispatch(
        "feed",
        new ChangePage(
            List.of(one),
            Map.of(ONE, List.of(note(ONE)), TWO, List.of(note(TWO))),
            Set.of(ONE, TWO),
            null),
        Set.of());

    assertThat(received)
        .containsExactly(
            event(ONE, one, List.of(note(ONE)), true), event(TWO, null, List.of(), true));
  }

  @Test
  void doesNotDispatchUnchangedRecords() {
    dispatcher.dispatch(
        "feed",
        new ChangePage(List.of(state(ONE), state(TWO)), Map.of(), Set.of(), null),
        Set.of(ONE));

    assertThat(received).extracting(InboundEvent::record).containsExactly(TWO);
  }

  @Test
  void hasARecordFetchedWhoseStateCannotBeStored() {
    onEvent =
        event -> {
          if (event.state() != null && event.record().equals(ONE)) {
            throw new DataIntegrityViolationException("no such character");
          }
        };
    dispatcher.dispatch(
        "feed",
        new ChangePage(List.of(state(ONE), state(TWO)), Map.of(), Set.of(), null),
        Set.of());

    assertThat(received)
        .containsExactly(
            event(ONE, null, List.of(), true), event(TWO, state(TWO), List.of(), false));
  }

  @Test
  void failsIfTheDatabaseIsUnavailable() {
    onEvent =
        event -> {
          throw new TransientDataAccessResourceException("no connection");
        };
    ChangePage page = new ChangePage(List.of(state(ONE)), Map.of(), Set.of(), null);

    assertThatThrownBy(() -> dispatcher.dispatch("feed", page, Set.of()))
        .isInstanceOf(TransientDataAccessResourceException.class);
    assertThat(received).isEmpty();
  }
}
