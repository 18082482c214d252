package dev.lockstep.communication.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.audit.AuditEvent;
import dev.lockstep.communication.CommunicationRig;
import dev.lockstep.communication.DraftWriter;
import dev.lockstep.communication.vendor.VendorUpdates.DueState;
import dev.lockstep.communication.vendor.VendorUpdates.VendorDue;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A vendor is to write a public comment on its ticket, in time, and again. */
class VendorKeeperTest {
  private static final String SETTINGS =
      """
      vendors:
        acme:
          title: Acme
          system: platform
          every: {P1: 30m, P2: 2h}
          done: {service: [Returned]}
          escalate:
            - after: 20m
              to: [{channel: mail}]
              inform: [{channel: ops}]
            - after: 0m
              to: [{system: platform, visibility: public}]
              inform: [{system: itsm, visibility: internal}]
      """;

  @TempDir private static Path dir;
  private static CommunicationRig rig;

  @BeforeAll
  static void start() {
    rig = new CommunicationRig(dir, SETTINGS, 25);
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  @BeforeEach
  void empty() {
    rig.engine.settle();
    rig.empty();
  }

  private static RecordRef open(String priority) {
    return rig.open(priority, Map.of());
  }

  /** The vendor's, of the incident that was opened last. */
  private static RecordRef ticket() {
    List<RecordRef> all = rig.systems.all("platform");
    return all.get(all.size() - 1);
  }

  private static void pass(long minutes) {
    rig.clock.advance(Duration.ofMinutes(minutes));
    rig.engine.bean(VendorKeeper.class).run();
    rig.engine.settle();
  }

  private static List<VendorDue> due() {
    return rig.engine.bean(VendorUpdates.class).list();
  }

  private static Instant in(long minutes) {
    return rig.clock.instant().plus(Duration.ofMinutes(minutes));
  }

  private static List<String> texts(RecordRef incident, String what) {
    return rig.audit(incident, what).stream().map(event -> event.entry().text()).toList();
  }

  private static void comment(String text) {
    rig.systems.personNotes(ticket(), text, Visibility.PUBLIC);
    rig.engine.settle();
  }

  @Test
  void aCommentIsDueByLevelFromWhenTheTicketIsKnown() {
    RecordRef p1 = open("1");
    open("3");
    pass(1);

    assertThat(due())
        .singleElement()
        .satisfies(
            due -> {
              assertThat(due.incident().ref()).isEqualTo(p1.toString());
              assertThat(due.vendorTitle()).isEqualTo("Acme");
              assertThat(due.dueAt()).isEqualTo(in(30));
              assertThat(due.state()).isEqualTo(DueState.DUE);
              assertThat(due.lastAt()).isNull();
            });
    assertThat(rig.engine.bean(VendorUpdates.class).show(p1.toString())).isEqualTo(due());
    assertThat(texts(p1, "vendor-updates"))
        .containsExactly(
            "Acme is to report by %s: the level is P1".formatted(DraftWriter.time(in(30))));
  }

  @Test
  void aPublicCommentOfTheVendorAnswersAndNothingElseDoes() {
    RecordRef p1 = open("1");
    comment("written before anything was expected");
    pass(1);
    Instant first = in(30);

    rig.systems.personNotes(ticket(), "their own affair", Visibility.INTERNAL);
    rig.engine.settle();
    pass(10);
    assertThat(due()).extracting(VendorDue::dueAt).containsExactly(first);

    comment("we found it");
    pass(5);
    assertThat(due())
        .singleElement()
        .satisfies(
            due -> {
              assertThat(due.dueAt()).isEqualTo(in(30));
              assertThat(due.lastAt()).isEqualTo(rig.clock.instant());
            });
    assertThat(texts(p1, "vendor-answered")).containsExactly("Acme has reported in time");
  }

  @Test
  void anOverdueCommentIsEscalatedStepByStepOnceToTheVendorAndToThoseWhoLead() {
    RecordRef p1 = open("1");
    pass(1);
    String when = DraftWriter.time(in(30));
    pass(29);
    assertThat(texts(p1, "vendor-escalated")).isEmpty();

    pass(2);
    pass(1);
    assertThat(due()).extracting(VendorDue::state).containsExactly(DueState.OVERDUE);
    assertThat(rig.systems.noteTexts(ticket()))
        .filteredOn(note -> note.contains("We expected a public comment on "))
        .singleElement()
        .asString()
        .contains(" by " + when + " and have received none.")
        .doesNotContain("Portal down");
    assertThat(rig.systems.noteTexts(p1))
        .filteredOn(note -> note.contains("Acme was to report on "))
        .singleElement()
        .asString()
        .contains("by " + when + " and has not.", "The vendor was reminded.");
    assertThat(rig.messages("mail")).isEmpty();
    assertThat(overdue()).isEqualTo(1);

    // What Lockstep wrote there is public, too, and is no answer.
    assertThat(texts(p1, "vendor-answered")).isEmpty();
    pass(20);
    pass(60);
    assertThat(rig.messages("mail"))
        .singleElement()
        .asString()
        .contains("is overdue since " + when)
        .doesNotContain("Portal down");
    assertThat(rig.messages("ops")).singleElement().asString().startsWith("Acme is overdue on P1 ");
    assertThat(rig.audit(p1, "vendor-escalated"))
        .hasSize(2)
        .extracting(AuditEvent::entry)
        .allSatisfy(
            entry -> assertThat(entry.details().values()).allMatch(state -> state.equals("sent")));
    assertThat(texts(p1, "vendor-escalated"))
        .containsExactly(
            "Acme is overdue since %s, escalated to platform (public), itsm (internal)"
                .formatted(when),
            "Acme is overdue since %s, escalated to channel mail, channel ops".formatted(when));

    comment("sorry");
    pass(1);
    assertThat(texts(p1, "vendor-answered")).containsExactly("Acme has reported, 1 h 23 min late");
    assertThat(overdue()).isZero();
    pass(31);
    assertThat(rig.audit(p1, "vendor-escalated")).as("of the next comment").hasSize(3);
  }

  /** Its address, title and texts are none of the vendor's business. */
  @Test
  void theVendorLearnsOfItsOwnTicketAlone() {
    RecordRef p1 = open("1");
    pass(1);
    pass(60);

    assertThat(
            rig.engine
                .jdbc
                .sql("select title || text || link from message where channel = 'mail'")
                .query(String.class)
                .list())
        .singleElement()
        .asString()
        .contains(rig.systems.peek(ticket()).key())
        .doesNotContain(rig.systems.peek(p1).key() + " ", "Portal", "ann", "on P1 ");
  }

  @Test
  void aRaisedLevelShortensAndNothingIsExpectedWhenItIsOver() {
    RecordRef incident = open("2");
    pass(1);
    assertThat(due()).extracting(VendorDue::dueAt).containsExactly(in(120));

    rig.edit(incident, "priority", "1");
    pass(1);
    Instant sooner = in(30);
    assertThat(due()).extracting(VendorDue::dueAt).containsExactly(sooner);
    rig.edit(incident, "priority", "2");
    pass(1);
    assertThat(due()).as("what was demanded stays").extracting(VendorDue::dueAt).contains(sooner);

    rig.edit(incident, "service", "Returned");
    pass(1);
    assertThat(due()).as("the vendor is done").isEmpty();
    rig.edit(incident, "service", "Portal");
    pass(1);
    assertThat(due()).extracting(VendorDue::dueAt).containsExactly(in(120));

    rig.edit(incident, "status", "resolved");
    pass(1);
    assertThat(due()).isEmpty();
    pass(300);
    assertThat(rig.audit(incident, "vendor-escalated")).isEmpty();
    assertThat(texts(incident, "vendor-updates")).endsWith("Nothing is expected of Acme any more");
  }

  @Test
  void severalProcessesEscalateOnce() throws Exception {
    RecordRef p1 = open("1");
    pass(1);
    rig.clock.advance(Duration.ofMinutes(31));
    CountDownLatch together = new CountDownLatch(1);
    try (var workers = new Closing(Executors.newFixedThreadPool(4))) {
      List<Future<?>> runs =
          java.util.stream.IntStream.range(0, 4)
              .<Future<?>>mapToObj(
                  i ->
                      workers.service.submit(
                          () -> {
                            together.await();
                            rig.engine.bean(VendorKeeper.class).run();
                            return null;
                          }))
              .toList();
      together.countDown();
      for (Future<?> run : runs) {
        run.get();
      }
    }
    rig.engine.settle();
    assertThat(rig.audit(p1, "vendor-escalated")).hasSize(1);
  }

  /** An executor is none in Java 17. */
  private record Closing(ExecutorService service) implements AutoCloseable {
    @Override
    public void close() {
      service.shutdownNow();
    }
  }

  private static double overdue() {
    SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    rig.engine.bean(VendorGauges.class).bindTo(metrics);
    return metrics.get("lockstep.vendor.updates.overdue").tag("vendor", "acme").gauge().value();
  }
}
