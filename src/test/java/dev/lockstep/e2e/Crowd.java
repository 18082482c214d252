package dev.lockstep.e2e;

import dev.lockstep.sandbox.pagerduty.IncidentStatus;
import dev.lockstep.sandbox.pagerduty.PagerDutyException;
import dev.lockstep.sandbox.pagerduty.PagerDutyIncident;
import dev.lockstep.sandbox.pagerduty.PagerDutyPerson;
import dev.lockstep.sandbox.pagerduty.Urgency;
import dev.lockstep.sandbox.servicenow.ServiceNowException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * People at work on both sides, choosing what to do by a seed. They do what their systems let them
 * do, whatever Lockstep is doing at that moment; what a system refuses them they leave.
 *
 * <p>Two things they do not do, since no sync could carry them: they leave alone what is closed for
 * good, and they end or lower an outage only once both systems know it, since one that is over
 * before it is seen rightly gets no counterpart.
 */
final class Crowd {
  private static final List<String> URGENT = List.of("1/1", "1/2", "2/1");
  private static final List<String> ANY = List.of("1/1", "1/2", "2/1", "2/2", "3/1", "2/3", "3/3");

  private static final List<String> PRIORITIES = List.of("P1", "P2", "P3", "P4", "P5");

  private final Rig rig;
  private final Random random;
  private final int outages;
  private final Set<String> said = ConcurrentHashMap.newKeySet();
  private volatile int begun;
  private int count;
  private boolean statusUpdates = true;
  private boolean silentEdits = true;

  Crowd(Rig rig, long seed, int outages) {
    this.rig = rig;
    this.random = new Random(seed);
    this.outages = outages;
  }

  /** PagerDuty lists status updates nowhere: only a webhook tells of one. */
  Crowd withoutStatusUpdates() {
    statusUpdates = false;
    return this;
  }

  /** PagerDuty sends no webhook when a title changes: only asking tells of it. */
  Crowd withoutSilentEdits() {
    silentEdits = false;
    return this;
  }

  int begun() {
    return begun;
  }

  Set<String> said() {
    return Set.copyOf(said);
  }

  /** Lets them do so many things, one every few milliseconds, in a thread of its own. */
  Work work(int deeds, Duration pace) {
    return new Work(deeds, pace);
  }

  /** A crowd at work. */
  final class Work implements AutoCloseable {
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final CountDownLatch left;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    private Work(int deeds, Duration pace) {
      left = new CountDownLatch(deeds);
      var unused = clock.scheduleAtFixedRate(this::once, 0, pace.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void once() {
      if (left.getCount() > 0 && failure.get() == null) {
        try {
          act();
        } catch (RuntimeException | Error e) {
          failure.compareAndSet(null, e);
        } finally {
          left.countDown();
        }
      }
    }

    /** Until they have done all they were to do. */
    void finish() {
      rig.await(
          "the people are done",
          Duration.ofSeconds(120),
          () -> left.getCount() == 0 || failure.get() != null);
      stop();
    }

    /** They go home, whatever is left to do. */
    void stop() {
      close();
      if (failure.get() != null) {
        throw new AssertionError("A deed failed", failure.get());
      }
    }

    @Override
    public void close() {
      clock.shutdown();
      try {
        clock.awaitTermination(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** One person does one thing. */
  synchronized void act() {
    count++;
    if (begun < outages && (begun == 0 || random.nextInt(6) == 0)) {
      begin();
      return;
    }
    try {
      if (random.nextInt(12) == 0) {
        clash();
      } else if (random.nextBoolean()) {
        onTicket(aTicket(), random.nextInt(12));
      } else {
        onIncident(anIncident(), random.nextInt(11));
      }
    } catch (PagerDutyException | ServiceNowException refused) {
      // The system did not let them: nothing happened.
    }
  }

  private void begin() {
    if (random.nextBoolean()) {
      beginAtTheDesk();
    } else {
      beginOnCall();
    }
  }

  /** Somebody opens a ticket. */
  synchronized void beginAtTheDesk() {
    Map<String, String> ticket = new HashMap<>(priority(pick(URGENT)));
    ticket.put("short_description", "Outage " + begun);
    if (random.nextBoolean()) {
      ticket.put("description", "What happened in " + count);
      ticket.put("cmdb_ci", rig.sysId(pick(Rig.SERVICES)));
    }
    if (random.nextBoolean()) {
      ticket.put("assignment_group", rig.sysId(pick(Rig.GROUPS)));
      ticket.put("assigned_to", rig.sysId(pick(Rig.PEOPLE)));
    }
    rig.serviceNow.as(pick(Rig.PEOPLE)).create("incident", ticket);
    begun++;
  }

  /** An alert comes in, or somebody opens an incident. */
  synchronized void beginOnCall() {
    String title = "Outage " + begun;
    if (random.nextBoolean()) {
      rig.pagerDuty.alert(pick(Rig.SERVICES), title);
    } else {
      responder()
          .createIncident(
              pick(Rig.SERVICES), title, pick(List.of("P1", "P2")), Urgency.HIGH, "Details");
    }
    begun++;
  }

  private Map<String, String> aTicket() {
    List<Map<String, String>> all = rig.serviceNow.records("incident");
    return all.isEmpty() ? Map.of() : pick(all);
  }

  private PagerDutyIncident anIncident() {
    List<PagerDutyIncident> all = rig.pagerDuty.incidents();
    return all.isEmpty() ? null : pick(all);
  }

  private void onTicket(Map<String, String> ticket, int what) {
    if (ticket.isEmpty()) {
      return;
    }
    String id = ticket.get("sys_id");
    boolean linked = !ticket.get("correlation_id").isEmpty();
    switch (what) {
      case 0 -> edit(id, Map.of("short_description", "Title " + count + " of a ticket"));
      case 1 -> edit(id, priority(pick(linked ? ANY : URGENT)));
      case 2 -> edit(id, Map.of("assigned_to", rig.sysId(pick(Rig.PEOPLE))));
      case 3 -> edit(id, Map.of("assignment_group", rig.sysId(pick(Rig.GROUPS))));
      case 4 -> edit(id, Map.of("cmdb_ci", rig.sysId(pick(Rig.SERVICES))));
      case 5 -> edit(id, Map.of("work_notes", say()));
      case 6 -> edit(id, Map.of("comments", say()));
      case 7 -> edit(id, Map.of("description", "Described in " + count));
      case 8 -> edit(id, Map.of("state", "2"));
      case 9 -> edit(id, Map.of("state", "3", "hold_reason", pick(List.of("1", "3", "4"))));
      case 10 -> edit(id, Map.of("state", "1"));
      default -> {
        if (linked) {
          String notes = "Solved in " + count;
          edit(id, Map.of("state", "6", "close_code", "Solution provided", "close_notes", notes));
        }
      }
    }
  }

  private void onIncident(PagerDutyIncident incident, int what) {
    if (incident == null) {
      return;
    }
    String id = incident.id();
    boolean linked = isLinked(incident);
    switch (what) {
      case 0 -> {
        if (silentEdits) {
          responder().setTitle(id, title());
        }
      }
      case 1 -> responder().setPriority(id, pick(linked ? PRIORITIES : PRIORITIES.subList(0, 2)));
      case 2 -> responder().reassign(id, pick(Rig.PEOPLE) + "@example.com");
      case 3 -> responder().delegate(id, pick(List.of("Default", "Database", "Network")));
      case 4 -> responder().setService(id, pick(Rig.SERVICES));
      case 5 -> note(id);
      case 6 -> statusUpdate(id);
      case 7 -> responder().acknowledge(id);
      case 8 -> {
        if (incident.status() == IncidentStatus.ACKNOWLEDGED) {
          responder().unacknowledge(id);
        }
      }
      case 9 -> {
        if (incident.status() == IncidentStatus.RESOLVED) {
          responder().reopen(id);
        }
      }
      default -> {
        if (linked) {
          responder().resolve(id, "Resolved in " + count);
        }
      }
    }
  }

  /** Two people change the same field of the same outage, one on each side, at once. */
  private void clash() {
    Map<String, String> ticket = aTicket();
    PagerDutyIncident incident = ticket.isEmpty() ? null : counterpart(ticket);
    if (incident == null) {
      return;
    }
    int what = pick(List.of(0, 1, 2, 4));
    onTicket(ticket, what);
    onIncident(incident, what);
  }

  PagerDutyIncident counterpart(Map<String, String> ticket) {
    String correlation = ticket.get("correlation_id");
    return correlation.startsWith("pagerduty/incident/")
        ? rig.pagerDuty.findIncident(correlation.substring(19)).orElse(null)
        : null;
  }

  /** Both systems know of it. */
  private boolean isLinked(PagerDutyIncident incident) {
    return rig.serviceNow.records("incident").stream()
        .anyMatch(t -> t.get("correlation_id").equals("pagerduty/incident/" + incident.id()));
  }

  private void note(String incident) {
    String text = say();
    responder().addNote(incident, text);
    said.add(text);
  }

  private void statusUpdate(String incident) {
    if (statusUpdates) {
      String text = "<update " + count + ">";
      responder().statusUpdate(incident, text);
      said.add(text);
    }
  }

  private void edit(String ticket, Map<String, String> fields) {
    rig.serviceNow.as(pick(Rig.PEOPLE)).update(ticket, fields);
    fields.values().stream().filter(text -> text.startsWith("<note ")).forEach(said::add);
  }

  private String say() {
    return "<note " + count + ">";
  }

  private String title() {
    return random.nextInt(8) == 0
        ? "Title " + count + " that goes on and on".repeat(12)
        : "Title " + count + " of an incident";
  }

  private PagerDutyPerson responder() {
    return rig.pagerDuty.as(pick(Rig.PEOPLE) + "@example.com");
  }

  private static Map<String, String> priority(String impactAndUrgency) {
    return Map.of(
        "impact", impactAndUrgency.substring(0, 1), "urgency", impactAndUrgency.substring(2));
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
