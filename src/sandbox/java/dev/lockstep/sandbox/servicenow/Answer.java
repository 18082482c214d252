package dev.lockstep.sandbox.servicenow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** An HTTP answer, before it is handed to the server. */
record Answer(int status, Map<String, String> headers, String body) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static Answer json(int status, Object body) {
    try {
      return new Answer(
          status,
          Map.of("Content-Type", "application/json;charset=UTF-8"),
          JSON.writeValueAsString(body));
    } catch (JsonProcessingException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  static Answer html(int status, String html) {
    return new Answer(status, Map.of("Content-Type", "text/html;charset=UTF-8"), html);
  }

  static Answer empty(int status) {
    return new Answer(status, Map.of(), "");
  }

  static Answer error(int status, String message, String detail) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("message", message);
    error.put("detail", detail);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("error", error);
    body.put("status", "failure");
    return json(status, body);
  }

  Answer with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Answer(status, more, body);
  }
}
