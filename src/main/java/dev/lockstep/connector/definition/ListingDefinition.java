package dev.lockstep.connector.definition;

import static dev.lockstep.connector.definition.ConnectorDefinition.orEmpty;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The listings in a {@code connector.yaml} and their paging. */
public final class ListingDefinition {
  private ListingDefinition() {}

  public enum PageKind {
    KEY,
    OFFSET,
    NUMBER,
    TOKEN,
    LINK;

    /** The arguments by which a call requests a page. */
    Set<String> arguments() {
      return switch (this) {
        case KEY -> Set.of("limit", "since", "after", "afterId");
        case OFFSET -> Set.of("limit", "since", "until", "offset");
        case NUMBER -> Set.of("limit", "since", "until", "page");
        case TOKEN -> Set.of("limit", "since", "sinceMinutes", "pageToken");
        case LINK -> Set.of("limit", "since");
      };
    }

    @JsonCreator
    static PageKind of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * Paging of a listing: by key (the last time and id seen); by offset, where {@code overlap}
   * records are requested again because records may leave the listing between two pages; by the
   * number of the page; by a {@code token} that each page returns for the next; by a link to it.
   *
   * @param first number of the first page; null: 1
   * @param link path of the next page's URL in an answer; empty: it is in the {@code Link} header
   * @param late how long a change may be missing from the listing
   */
  public record Page(
      PageKind by,
      int size,
      String time,
      String id,
      String firstId,
      int overlap,
      int most,
      String more,
      String total,
      String token,
      @Nullable Integer first,
      String link,
      @Nullable Duration late) {
    public Page {
      link = orEmpty(link);
      total = orEmpty(total);
      token = orEmpty(token);
      time = orEmpty(time);
      id = orEmpty(id);
      firstId = orEmpty(firstId);
      more = orEmpty(more);
    }

    public int firstNumber() {
      return first == null ? 1 : first;
    }

    /** A copy with another page size; the overlap is at most half of it. */
    public Page sized(int records) {
      return new Page(
          by,
          records,
          time,
          id,
          firstId,
          Math.min(overlap, records / 2),
          most,
          more,
          total,
          token,
          first,
          link,
          late);
    }
  }

  /**
   * Checks that the system interprets times in requests as it writes them in answers; some use a
   * user's time zone.
   *
   * @param call returns the newest record of the listing
   * @param advice what an operator must do when they differ
   */
  public record TimeCheck(String call, String advice) {}

  public enum Gives {
    RECORDS,
    NOTES,
    LOG;

    @JsonCreator
    static Gives of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * A listing of changes.
   *
   * @param perRecord whether the call lists the notes of one record and is made for each record in
   *     a pair
   * @param late how long after it was written a note may appear in such a listing; null: at once
   * @param fetchNotes whether the notes of a changed record are fetched, since the listing shows
   *     none
   * @param filter how an operator's query, {@code {query}}, is put into the call's {@code
   *     {filter}}; empty: the listing takes none
   */
  public record Feed(
      String call,
      Gives gives,
      String answer,
      String record,
      String whole,
      String time,
      String type,
      List<String> ignore,
      List<String> look,
      String entryId,
      String noteText,
      boolean onlyChanged,
      boolean fetchNotes,
      String filter,
      String notes,
      String notesTotal,
      @Nullable TimeCheck timeCheck,
      boolean perRecord,
      @Nullable Duration late,
      Page page) {
    public Feed {
      filter = orEmpty(filter);
      notes = orEmpty(notes);
      notesTotal = orEmpty(notesTotal);
      answer = orEmpty(answer);
      record = orEmpty(record);
      whole = orEmpty(whole);
      time = orEmpty(time);
      type = orEmpty(type);
      ignore = orEmpty(ignore);
      look = orEmpty(look);
      entryId = orEmpty(entryId);
      noteText = orEmpty(noteText);
    }

    /** Whether it can be narrowed by an operator's query. */
    public boolean takesQuery() {
      return !filter.isEmpty();
    }

    /** A copy with another page size. */
    public Feed sized(int records) {
      return new Feed(
          call,
          gives,
          answer,
          record,
          whole,
          time,
          type,
          ignore,
          look,
          entryId,
          noteText,
          onlyChanged,
          fetchNotes,
          filter,
          notes,
          notesTotal,
          timeCheck,
          perRecord,
          late,
          page.sized(records));
    }
  }
}
