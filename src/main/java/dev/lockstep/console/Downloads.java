package dev.lockstep.console;

import java.nio.charset.StandardCharsets;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** Files that browsers save instead of showing them. */
final class Downloads {
  private static final MediaType CSV = new MediaType("text", "csv", StandardCharsets.UTF_8);

  private Downloads() {}

  static ResponseEntity<String> csv(String fileName, String text) {
    return file(fileName, CSV, text);
  }

  static ResponseEntity<String> file(String fileName, MediaType type, String text) {
    return ResponseEntity.ok()
        .contentType(type)
        .header(
            HttpHeaders.CONTENT_DISPOSITION,
            ContentDisposition.attachment().filename(fileName).build().toString())
        .body(text);
  }
}
