package dev.lockstep.sandbox.pagerduty;

import java.util.List;
import java.util.Map;

/**
 * One call over HTTP as it was on the wire, for checking against the OpenAPI document.
 *
 * @param url path and query, as sent
 * @param requestHeaders names in lower case
 * @param status 0 when the connection was reset instead of answered
 */
public record Exchange(
    String method,
    String url,
    Map<String, List<String>> requestHeaders,
    String requestBody,
    int status,
    Map<String, String> responseHeaders,
    String responseBody) {}
