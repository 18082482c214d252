package dev.lockstep.api;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** Responds with JSON, or with CSV if the {@code Accept} header contains {@code text/csv}. */
final class CsvResponses {
  private static final MediaType CSV = new MediaType("text", "csv", StandardCharsets.UTF_8);

  private CsvResponses() {}

  static <T> ResponseEntity<Object> respond(String accept, T body, Function<T, String> csv) {
    return wantsCsv(accept)
        ? ResponseEntity.ok().contentType(CSV).body(csv.apply(body))
        : ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(body);
  }

  private static boolean wantsCsv(String accept) {
    try {
      return MediaType.parseMediaTypes(accept).stream()
          .anyMatch(type -> type.equalsTypeAndSubtype(CSV));
    } catch (InvalidMediaTypeException e) {
      return false;
    }
  }
}
