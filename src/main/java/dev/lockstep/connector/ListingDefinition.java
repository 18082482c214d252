package dev.lockstep.connector;

import static dev.lockstep.connector.ConnectorDefinition.orEmpty;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a {@code connector.yaml} says what listings there are and how they are paged. */
final class ListingDefinition {
  private ListingDefinition() {}

  enum PageKind {
    KEY,
    OFFSET,
    TOKEN;

    @JsonCreator
    static PageKind of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * How a listing is paged: by the last (time, id) seen, or by an offset, of which {@code overlap}
   * records are asked for again since records may leave the listing between two pages, or by a
   * {@code token} that each page gives for the next.
   *
   * @param late how long a change may be missing in the listing
   */
  record Page(
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
      @Nullable Duration late) {
    Page {
      total = orEmpty(total);
      token = orEmpty(token);
      time = orEmpty(time);
      id = orEmpty(id);
      firstId = orEmpty(firstId);
      more = orEmpty(more);
    }

    /** The same with pages of another size; they overlap by half of it at the most. */
    Page sized(int records) {
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
          late);
    }
  }

  /**
   * A check that times in questions mean what times in answers mean: a system may read them in the
   * time zone of a user.
   *
   * @param call answers with the newest record of the listing
   * @param advice what an operator must do when they do not
   */
  record TimeCheck(String call, String advice) {}

  enum Gives {
    RECORDS,
    NOTES,
    LOG;

    @JsonCreator
    static Gives of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  record Feed(
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
      String notes,
      String notesTotal,
      @Nullable JsonNode body,
      @Nullable TimeCheck timeCheck,
      Page page) {
    Feed {
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

    /** The same with pages of another size. */
    Feed sized(int records) {
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
          notes,
          notesTotal,
          body,
          timeCheck,
          page.sized(records));
    }
  }
}
