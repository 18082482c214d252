package dev.lockstep.likeness;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How alike a ticket and a group of consolidated tickets are.
 *
 * @param members what the ticket is like, at least one; each from the score on at which a person is
 *     asked
 * @param elsewhere what tickets outside of the group say for an outage ({@link #outage})
 */
public record GroupLikeness(List<Likeness> members, int elsewhere) {
  /** From so much {@link #outage} on there is one, and so many times as much as elsewhere. */
  private static final int SEVERAL = 2;

  /** What an outage says of an alert that comes within it. */
  private static final double DURING_OUTAGE = 3;

  public GroupLikeness {
    members = List.copyOf(members);
  }

  /** What these tickets say together for an outage that the alert is of. */
  public static int outage(Collection<Likeness> tickets) {
    return tickets.stream().mapToInt(Likeness::outage).sum();
  }

  /** How alike the ticket and the most similar member are, and what the others add to that. */
  public Likeness best() {
    Likeness best = members.stream().max(Comparator.comparingDouble(Likeness::score)).orElseThrow();
    return isAlertOfOutage()
        ? best.with(
            new Reason(
                Signal.TIME,
                DURING_OUTAGE,
                "an alert while callers report an outage of this service"))
        : best;
  }

  /**
   * Sure enough to need no operator: surely like one member and like the primary too, or surely
   * like two members, or an alert of the outage that the members report; and with no member made
   * from one template with it that is about something else.
   *
   * @param propose the score from which on a person is asked
   * @param primary how alike the group's primary is, asked for only where it matters
   */
  public boolean isSure(double automatic, double propose, Supplier<Optional<Likeness>> primary) {
    if (hasOtherSubjects()) {
      return false;
    }
    long sure = members.stream().filter(like -> like.isSure(automatic)).count();
    return sure > 1
        || sure == 1 && primary.get().filter(like -> like.score() >= propose).isPresent()
        || isAlertOfOutage() && best().score() >= automatic;
  }

  /**
   * A monitor says what broke, and callers what they miss: they share no words. But an alert that a
   * service fails belongs to the outage that the service has, unless there are others it could
   * belong to.
   */
  private boolean isAlertOfOutage() {
    return outage(members) >= SEVERAL + SEVERAL * elsewhere && !hasOtherSubjects();
  }

  private boolean hasOtherSubjects() {
    return members.stream().anyMatch(Likeness::otherSubjects);
  }
}
