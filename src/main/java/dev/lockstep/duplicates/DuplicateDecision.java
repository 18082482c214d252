package dev.lockstep.duplicates;

import dev.lockstep.duplicates.settings.DuplicateSettings.Mode;
import dev.lockstep.duplicates.settings.DuplicateSettings.Policy;
import dev.lockstep.duplicates.ticket.Candidate;
import dev.lockstep.duplicates.ticket.StoredTicket;
import dev.lockstep.duplicates.ticket.TicketView;
import dev.lockstep.record.RecordRef;
import dev.lockstep.similarity.Similarity;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What follows for a ticket from the tickets that it may be a duplicate of. */
sealed interface DuplicateDecision {

  /** Nothing changes. */
  record Keep() implements DuplicateDecision {}

  /** It is closed, or similar to none: its proposals are withdrawn. */
  record Unique() implements DuplicateDecision {}

  /** It is linked to the primary that its own system shows. */
  record LinkToNamed(RecordRef primary) implements DuplicateDecision {}

  /**
   * It and another ticket are duplicates. The proposals of the duplicate with others are withdrawn.
   *
   * @param automatic whether the two are linked; otherwise they are proposed to an operator
   */
  record Match(RecordRef duplicate, RecordRef primary, Similarity similarity, boolean automatic)
      implements DuplicateDecision {}

  /**
   * What is decided without other tickets.
   *
   * @param linked whether it is linked to a primary, or is being linked or unlinked
   * @param policy of its service
   * @return empty if it must be compared
   */
  static Optional<DuplicateDecision> beforeComparison(
      StoredTicket ticket, boolean linked, Policy policy) {
    if (linked) {
      return Optional.of(new Keep());
    }
    if (!ticket.isOpen()) {
      return Optional.of(new Unique());
    }
    return policy.mode() == Mode.OFF ? Optional.of(new Keep()) : Optional.empty();
  }

  /**
   * An operator linked it to another ticket in its own system.
   *
   * @param root the primary of that ticket's group
   */
  static DuplicateDecision ofNamedPrimary(RecordRef ticket, RecordRef root) {
    return root.equals(ticket) ? new Keep() : new LinkToNamed(root);
  }

  /**
   * Prefers a certain match; then one whose primary is not itself proposed as a duplicate; then the
   * most similar. A certain match is linked although its primary is proposed: if that proposal is
   * accepted, the ticket is relinked with it.
   *
   * @param policy of the ticket's service
   */
  static DuplicateDecision of(List<Candidate> candidates, Policy policy) {
    return candidates.stream()
        .min(
            Comparator.comparing((Candidate candidate) -> !isCertain(candidate, policy))
                .thenComparing(Candidate::proposed)
                .thenComparing(candidate -> -candidate.similarity().best().score()))
        .<DuplicateDecision>map(candidate -> match(candidate, policy))
        .orElseGet(Unique::new);
  }

  /** Whether it may be linked without an operator. */
  private static boolean isCertain(Candidate candidate, Policy policy) {
    return candidate.primary().ticket().isOpen()
        && !candidate.unlinkedBefore()
        && candidate
            .similarity()
            .isSure(policy.automatic(), policy.propose(), candidate::toPrimary);
  }

  private static Match match(Candidate candidate, Policy policy) {
    boolean automatic = policy.mode() == Mode.AUTOMATIC && isCertain(candidate, policy);
    RecordRef own = candidate.own().ticket().record();
    RecordRef other = candidate.primary().ticket().record();
    Similarity best = candidate.similarity().best();
    return isPreferredPrimary(candidate.own(), candidate.primary())
        ? new Match(other, own, best, automatic)
        : new Match(own, other, best, automatic);
  }

  /**
   * The order of preference for the primary: a ticket with a pair, since its incident is being
   * worked on; then one that will start a pair; then the oldest.
   */
  private static boolean isPreferredPrimary(TicketView newcomer, TicketView root) {
    if (!root.ticket().isOpen()) {
      return false;
    }
    int newcomers = rank(newcomer);
    int roots = rank(root);
    if (newcomers != roots) {
      return newcomers > roots;
    }
    boolean older = newcomer.ticket().openedAt().isBefore(root.ticket().openedAt());
    // The root's pair may be starting at this moment.
    return older && newcomers != 1;
  }

  private static int rank(TicketView view) {
    if (view.isPaired()) {
      return 2;
    }
    return view.ticket().starts() ? 1 : 0;
  }
}
