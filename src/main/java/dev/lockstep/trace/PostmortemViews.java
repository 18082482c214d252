package dev.lockstep.trace;

import dev.lockstep.postmortem.actionitem.PostmortemStore.StoredPostmortem;
import dev.lockstep.trace.Traces.Event;
import dev.lockstep.trace.Traces.Postmortem;
import java.util.ArrayList;
import java.util.List;

/** Postmortems and when they were received. */
final class PostmortemViews {

  private PostmortemViews() {}

  /** A postmortem sent without a name is identified by the incident it names. */
  static String name(StoredPostmortem postmortem) {
    return postmortem.name().isEmpty() ? postmortem.names() : postmortem.name();
  }

  static Postmortem toPostmortem(StoredPostmortem postmortem) {
    return new Postmortem(
        name(postmortem),
        postmortem.title(),
        postmortem.url(),
        postmortem.receivedAt(),
        postmortem.changedAt());
  }

  static List<Event> events(StoredPostmortem postmortem) {
    String name = name(postmortem);
    String text = "Postmortem \"%s\"".formatted(postmortem.title());
    List<Event> events = new ArrayList<>();
    events.add(new Event(postmortem.receivedAt(), name, "received", text, ""));
    if (postmortem.changedAt().isAfter(postmortem.receivedAt())) {
      events.add(
          new Event(postmortem.changedAt(), name, "changed", "The postmortem was changed", ""));
    }
    return events;
  }
}
