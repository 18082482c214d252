package dev.lockstep.api;

import dev.lockstep.audit.AuditExport;
import dev.lockstep.audit.AuditExport.Scope;
import dev.lockstep.trace.AuditScopes;
import dev.lockstep.trace.Traces;
import dev.lockstep.trace.report.Period;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Clock;
import java.time.Instant;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** The audit as a chain of lines; documented in {@code docs/api.md}. */
@RestController
class AuditExportController {
  private final AuditExport export;
  private final AuditScopes scopes;
  private final Clock clock;

  AuditExportController(AuditExport export, AuditScopes scopes, Clock clock) {
    this.export = export;
    this.scopes = scopes;
    this.clock = clock;
  }

  /** A POST, since each export is recorded in the audit. Streamed, as it may be large. */
  @PostMapping("/api/audit/export")
  void export(
      @RequestParam(name = "incident", defaultValue = "") String incident,
      @RequestParam(name = "since", defaultValue = "") String since,
      @RequestParam(name = "until", defaultValue = "") String until,
      Principal user,
      HttpServletResponse response)
      throws IOException {
    Scope scope = scope(incident, since, until);
    response.setContentType("application/x-ndjson");
    response.setCharacterEncoding("UTF-8");
    Writer out =
        new BufferedWriter(
            new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8));
    export.write(scope, user.getName(), out);
    out.flush();
  }

  private Scope scope(String incident, String since, String until) {
    Instant from = null;
    Instant to = null;
    try {
      if (!since.isBlank() || !until.isBlank()) {
        Period period = Period.parse(since.isBlank() ? "1970-01-01" : since, until, clock);
        from = period.since();
        to = period.until();
      }
    } catch (IllegalArgumentException e) {
      throw DecisionParameters.badRequest(String.valueOf(e.getMessage()));
    }
    return incident.isBlank()
        ? new Scope("all", null, from, to)
        : scopes
            .find(incident, from, to)
            .orElseThrow(
                () ->
                    new ResponseStatusException(
                        HttpStatus.NOT_FOUND,
                        "No incident was found for '%s'. Accepted ids: %s."
                            .formatted(incident, Traces.TAKEN)));
  }
}
