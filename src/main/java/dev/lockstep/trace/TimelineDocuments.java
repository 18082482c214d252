package dev.lockstep.trace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.trace.timeline.PostmortemSkeleton;
import dev.lockstep.trace.timeline.Timeline;
import java.util.Locale;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Timelines as documents: for the API and for downloads from the console. */
@Component
public class TimelineDocuments {
  private final ObjectMapper json;

  public TimelineDocuments(ObjectMapper json) {
    this.json = json;
  }

  /** The formats of a document. */
  public enum Format {
    JSON("application/json", "json"),
    CSV("text/csv;charset=UTF-8", "csv"),
    /** The skeleton of a postmortem. */
    MARKDOWN("text/markdown;charset=UTF-8", "md");

    private final String contentType;
    private final String extension;

    Format(String contentType, String extension) {
      this.contentType = contentType;
      this.extension = extension;
    }

    public static Optional<Format> parse(String name) {
      for (Format format : values()) {
        if (format.name().toLowerCase(Locale.ROOT).equals(name)) {
          return Optional.of(format);
        }
      }
      return Optional.empty();
    }

    public String contentType() {
      return contentType;
    }

    public String extension() {
      return extension;
    }
  }

  /**
   * @param isPublic without what is for operators only
   */
  public String write(Timeline timeline, Format format, boolean isPublic) {
    Timeline shown = isPublic ? timeline.toPublic() : timeline;
    return switch (format) {
      case JSON -> toJson(shown);
      case CSV -> Csv.toCsv(shown);
      case MARKDOWN -> PostmortemSkeleton.toMarkdown(shown);
    };
  }

  private String toJson(Timeline timeline) {
    try {
      return json.writeValueAsString(timeline);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
