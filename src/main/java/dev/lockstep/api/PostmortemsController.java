package dev.lockstep.api;

import dev.lockstep.postmortem.PostmortemParser;
import dev.lockstep.postmortem.PostmortemQueries;
import dev.lockstep.postmortem.Postmortems;
import dev.lockstep.postmortem.Postmortems.Receipt;
import dev.lockstep.postmortem.Postmortems.Received;
import dev.lockstep.postmortem.Postmortems.Refused;
import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.postmortem.parse.MarkdownReader;
import dev.lockstep.postmortem.parse.ParseProblem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.Principal;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Imports and lists postmortems; documented in {@code docs/postmortems.openapi.yaml}. */
@RestController
class PostmortemsController {
  private static final int MAX_LIMIT = 1000;

  private final PostmortemParser parser;
  private final Postmortems postmortems;
  private final PostmortemQueries queries;

  PostmortemsController(
      PostmortemParser documents, Postmortems postmortems, PostmortemQueries shelf) {
    this.queries = shelf;
    this.parser = documents;
    this.postmortems = postmortems;
  }

  @PostMapping(
      path = {"/postmortems", "/api/postmortems"},
      consumes = {"text/markdown", "text/plain"})
  ResponseEntity<ImportResult> markdown(
      InputStream body,
      @RequestParam(name = "name", defaultValue = "") String name,
      @RequestParam(name = "url", defaultValue = "") String url,
      @RequestParam(name = "incident", defaultValue = "") String incident,
      Principal user)
      throws IOException {
    return importPostmortem(
        parser.markdown(readBounded(body, MarkdownReader.LARGEST), name, url, incident), user);
  }

  @PostMapping(
      path = {"/postmortems", "/api/postmortems"},
      consumes = "application/json")
  ResponseEntity<ImportResult> json(InputStream body, Principal user) throws IOException {
    return importPostmortem(parser.json(readBounded(body, PostmortemParser.LARGEST_JSON)), user);
  }

  @GetMapping("/api/postmortems")
  PostmortemQueries.Overview list(@RequestParam(name = "limit", defaultValue = "100") int limit) {
    return queries.overview(DecisionParameters.limit(limit, MAX_LIMIT));
  }

  private static byte[] readBounded(InputStream body, int largest) throws IOException {
    byte[] bytes = body.readNBytes(largest + 1);
    if (bytes.length > largest) {
      // Read the rest: a client that is still sending would see a reset instead of the response.
      body.transferTo(OutputStream.nullOutputStream());
      throw new PayloadTooLargeException(largest);
    }
    return bytes;
  }

  private ResponseEntity<ImportResult> importPostmortem(Received received, Principal user) {
    Receipt receipt = postmortems.receive(received, user.getName());
    return ResponseEntity.status(receipt.waiting() ? HttpStatus.ACCEPTED : HttpStatus.OK)
        .body(
            new ImportResult(
                receipt.incident(),
                receipt.waiting(),
                receipt.added(),
                receipt.updated(),
                receipt.cancelled(),
                receipt.items().stream().map(ImportedItem::of).toList(),
                received.problems()));
  }

  @ExceptionHandler(Refused.class)
  ProblemDetail refused(Refused e) {
    String where = e.line() > 0 ? "line " + e.line() + ": " : "";
    ProblemDetail problem =
        ProblemDetail.forStatusAndDetail(HttpStatus.UNPROCESSABLE_ENTITY, where + e.getMessage());
    if (e.line() > 0) {
      problem.setProperty("line", e.line());
    }
    return problem;
  }

  @ExceptionHandler(PayloadTooLargeException.class)
  ProblemDetail tooLarge(PayloadTooLargeException e) {
    return ProblemDetail.forStatusAndDetail(
        HttpStatus.PAYLOAD_TOO_LARGE,
        "The postmortem is larger than %d kB; remove logs and images, or split it."
            .formatted(e.limit / 1024));
  }

  private static final class PayloadTooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int limit;

    PayloadTooLargeException(int largest) {
      this.limit = largest;
    }
  }

  record ImportResult(
      String incident,
      boolean waiting,
      int added,
      int updated,
      int cancelled,
      List<ImportedItem> items,
      List<ParseProblem> problems) {}

  record ImportedItem(
      String key,
      int line,
      String title,
      String stage,
      @Nullable String owner,
      String due,
      List<String> problems) {
    static ImportedItem of(ActionItem item) {
      return new ImportedItem(
          item.key(),
          item.sourceItem().line(),
          item.title(),
          // Not "needs owner": the owner has not been looked up yet.
          item.isUnplanned() ? "being planned" : item.stage().label(),
          item.owner().isEmpty() ? item.sourceItem().owner() : item.owner(),
          Objects.toString(item.due(), ""),
          item.sourceItem().problems());
    }
  }
}
