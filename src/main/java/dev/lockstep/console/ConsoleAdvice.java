package dev.lockstep.console;

import dev.lockstep.inbox.Failure;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.transaction.TransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;

/** What all pages share: the navigation, the user, and the page shown when something is wrong. */
@ControllerAdvice(basePackages = {"dev.lockstep.console", "dev.lockstep.access"})
@Order(Ordered.HIGHEST_PRECEDENCE)
class ConsoleAdvice {
  private static final Logger log = LoggerFactory.getLogger(ConsoleAdvice.class);

  private static final List<Section> SECTIONS =
      List.of(
          new Section("/", "Overview", false),
          new Section("/incidents", "Incidents", false),
          new Section("/communications", "Communications", false),
          new Section("/dead-letters", "Dead letters", false),
          new Section("/conflicts", "Conflicts", false),
          new Section("/duplicates", "Duplicates", false),
          new Section("/problems", "Problems", false),
          new Section("/action-items", "Action items", false),
          new Section("/postmortems", "Postmortems", false),
          new Section("/reports", "Reports", false),
          new Section("/audit", "Audit", false),
          new Section(PlansPage.PATH, "Plans", false),
          new Section(MaintenancePage.PATH, "Maintenance", false),
          new Section("/mappings", "Mappings", false),
          new Section("/settings", "Settings", true),
          new Section("/users", "Users", true),
          new Section("/tokens", "API tokens", true));

  /**
   * A page of the navigation.
   *
   * @param adminOnly whether only administrators may open it
   */
  record Section(String path, String title, boolean adminOnly) {
    /** Whether a request is for this page, or one below it. */
    public boolean isShownBy(String requested) {
      return path.equals("/")
          ? requested.equals("/")
          : requested.equals(path) || requested.startsWith(path + "/");
    }
  }

  @ModelAttribute("sections")
  List<Section> sections(HttpServletRequest request) {
    boolean isAdmin = request.isUserInRole("ADMIN");
    return SECTIONS.stream().filter(section -> isAdmin || !section.adminOnly()).toList();
  }

  @ModelAttribute("path")
  String path(HttpServletRequest request) {
    return request.getServletPath();
  }

  /** The filter of a list, without its page. */
  @ModelAttribute("queryString")
  String queryString(HttpServletRequest request) {
    UriComponentsBuilder query = UriComponentsBuilder.newInstance();
    request
        .getParameterMap()
        .forEach(
            (name, values) -> {
              if (!name.equals("after") && !name.equals("before") && !values[0].isEmpty()) {
                query.queryParam(encode(name), encode(values[0]));
              }
            });
    return Optional.ofNullable(query.build(true).getQuery()).orElse("");
  }

  private static String encode(String text) {
    return UriUtils.encode(text, StandardCharsets.UTF_8);
  }

  /** Empty if nobody has logged in. */
  @ModelAttribute("user")
  String user(HttpServletRequest request) {
    return Optional.ofNullable(request.getUserPrincipal())
        .map(java.security.Principal::getName)
        .orElse("");
  }

  @ExceptionHandler({DataAccessException.class, TransactionException.class})
  ModelAndView databaseError(
      RuntimeException e, HttpServletRequest request, HttpServletResponse response) {
    if (e instanceof OptimisticLockingFailureException) {
      return page(
          request,
          HttpStatus.CONFLICT,
          "It is being processed",
          "Nothing was changed, since the record was just being processed. Go back and try again.");
    }
    if (Failure.classify(e) != Failure.TRANSIENT) {
      return unexpected(e, request, response);
    }
    log.warn("The console could not reach the database: {}", e.getMessage());
    response.setHeader(HttpHeaders.RETRY_AFTER, "5");
    return page(
        request,
        HttpStatus.SERVICE_UNAVAILABLE,
        "The database is not reachable",
        "Lockstep answers webhooks with 503 until it is back, so that their senders retry them;"
            + " nothing is lost. Reload this page to try again.");
  }

  /** The browser has gone, for example to another page; nobody reads an answer. */
  @ExceptionHandler(AsyncRequestNotUsableException.class)
  void gone() {}

  @ExceptionHandler
  ModelAndView unexpected(Exception e, HttpServletRequest request, HttpServletResponse response) {
    if (e instanceof TypeMismatchException) {
      return unexpected(new ErrorResponseException(HttpStatus.BAD_REQUEST), request, response);
    }
    if (e instanceof ErrorResponse known) {
      String reason = e instanceof ResponseStatusException status ? status.getReason() : null;
      return page(
          request,
          known.getStatusCode(),
          title(known.getStatusCode()),
          reason == null ? "The address or one of its parameters is wrong." : reason);
    }
    log.error("The console failed", e);
    return page(
        request,
        HttpStatus.INTERNAL_SERVER_ERROR,
        "Internal error",
        "The log of Lockstep has the details.");
  }

  private static String title(HttpStatusCode status) {
    if (status.value() == HttpStatus.NOT_FOUND.value()) {
      return "Not found";
    }
    return status.value() == HttpStatus.CONFLICT.value() ? "Not possible" : "Not a valid request";
  }

  private ModelAndView page(
      HttpServletRequest request, HttpStatusCode status, String title, @Nullable String text) {
    return new ModelAndView(
        "problem",
        Map.of(
            "sections",
            sections(request),
            "path",
            path(request),
            "user",
            user(request),
            "title",
            title,
            "status",
            status.value(),
            "text",
            Optional.ofNullable(text).orElse("")),
        status);
  }
}
