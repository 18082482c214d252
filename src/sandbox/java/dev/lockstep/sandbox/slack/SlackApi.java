package dev.lockstep.sandbox.slack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.ApiException;
import dev.lockstep.sandbox.http.ApiRules;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.RateLimit;
import dev.lockstep.sandbox.http.Request;
import dev.lockstep.sandbox.http.Response;
import dev.lockstep.sandbox.http.Router;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** The Web API: its methods, token, scopes, tiers and errors. Calls are made by the app's bot. */
final class SlackApi implements ApiRules<String> {
  /** Calls a minute ("Rate limits"). */
  private static final int TIER_2 = 20;

  private static final int TIER_3 = 50;
  private static final int TIER_4 = 100;

  /** "chat.postMessage generally allows posting one message per second per channel". */
  private static final int MESSAGES = 60;

  /**
   * A method.
   *
   * @param tier calls a minute; 0 for hundreds
   * @param scope what the token needs; empty for nothing
   * @param arguments by name, their type
   */
  private record Method(
      String name, int tier, String scope, Map<String, String> arguments, Body body) {}

  /** What a method does. */
  interface Body {
    ObjectNode answer(Arguments arguments, String caller);
  }

  private final SlackOptions options;
  private final String url;
  private final Map<String, RateLimit> used = new ConcurrentHashMap<>();
  private volatile boolean revoked;
  private volatile String token;

  /**
   * @param url of the workspace
   */
  SlackApi(SlackOptions options, String url) {
    this.options = options;
    this.url = url;
    this.token = options.token;
  }

  /** From now on no token is accepted, as after the app was removed. */
  void revoke() {
    revoked = true;
  }

  /** From now on this token is accepted. */
  void install(String newToken) {
    token = newToken;
    revoked = false;
  }

  Router<String> router(SlackWorkspace workspace) {
    ChannelMethods channels = new ChannelMethods(workspace);
    MessageMethods messages = new MessageMethods(workspace);
    UserMethods people = new UserMethods(workspace, options.scopes);
    Router<String> router = new Router<>();
    read(router, "auth.test", 0, "", "", this::test);
    read(router, "conversations.info", TIER_3, "channels:read", "channel", channels::info);
    read(
        router,
        "users.conversations",
        TIER_3,
        "channels:read",
        "types exclude_archived:boolean limit:number cursor",
        channels::mine);
    write(
        router,
        "conversations.create",
        TIER_2,
        "channels:manage",
        "name is_private:boolean",
        channels::create);
    write(
        router,
        "conversations.setTopic",
        TIER_2,
        "channels:manage",
        "channel topic",
        channels::setTopic);
    write(
        router,
        "conversations.setPurpose",
        TIER_2,
        "channels:manage",
        "channel purpose",
        channels::setPurpose);
    write(
        router,
        "conversations.invite",
        TIER_3,
        "channels:manage",
        "channel users",
        channels::invite);
    write(router, "conversations.archive", TIER_2, "channels:manage", "channel", channels::archive);
    write(
        router,
        "conversations.unarchive",
        TIER_2,
        "channels:manage",
        "channel",
        channels::unarchive);
    read(
        router,
        "conversations.history",
        TIER_3,
        "channels:history",
        "channel oldest:number latest:number inclusive:boolean limit:number cursor",
        messages::history);
    read(
        router,
        "conversations.replies",
        TIER_3,
        "channels:history",
        "channel ts",
        messages::replies);
    read(
        router,
        "reactions.get",
        TIER_3,
        "reactions:read",
        "channel timestamp full:boolean",
        messages::reactions);
    write(
        router,
        "chat.postMessage",
        MESSAGES,
        "chat:write",
        "channel text thread_ts mrkdwn:boolean parse link_names:boolean unfurl_links:boolean"
            + " unfurl_media:boolean",
        messages::post);
    write(router, "pins.add", TIER_2, "pins:write", "channel timestamp", messages::pin);
    write(router, "pins.remove", TIER_2, "pins:write", "channel timestamp", messages::unpin);
    read(router, "pins.list", TIER_2, "pins:read", "channel", messages::pins);
    read(router, "users.info", TIER_4, "users:read", "user", people::info);
    read(router, "users.lookupByEmail", TIER_3, "users:read.email", "email", people::lookup);
    read(router, "users.list", TIER_2, "users:read", "limit:number cursor", people::list);
    return router;
  }

  private void read(
      Router<String> router, String name, int tier, String scope, String arguments, Body body) {
    add(router, "GET", new Method(name, tier, scope, types(arguments), body));
  }

  private void write(
      Router<String> router, String name, int tier, String scope, String arguments, Body body) {
    add(router, "POST", new Method(name, tier, scope, types(arguments), body));
  }

  /** Names, each with its type after a colon unless it is a text. */
  private static Map<String, String> types(String arguments) {
    Map<String, String> types = new ConcurrentHashMap<>();
    for (String one : arguments.split(" ", -1)) {
      int colon = one.indexOf(':');
      types.put(
          colon < 0 ? one : one.substring(0, colon),
          colon < 0 ? "string" : one.substring(colon + 1));
    }
    return types;
  }

  private void add(Router<String> router, String verb, Method method) {
    router.add(verb, "/api/" + method.name(), (request, caller) -> call(method, request, caller));
  }

  private Response call(Method method, Request request, String caller) {
    if (!method.scope().isEmpty() && !options.scopes.contains(method.scope())) {
      throw SlackException.missingScope(method.scope(), String.join(",", scopes()));
    }
    Arguments arguments = Arguments.of(request, method.arguments());
    requireTier(method, arguments);
    return Response.ok(method.body().answer(arguments, caller).put("ok", true));
  }

  /** Each method is limited by itself; messages are limited by channel, too. */
  private void requireTier(Method method, Arguments arguments) {
    if (!options.tiers || method.tier() == 0) {
      return;
    }
    String what = method.tier() == MESSAGES ? arguments.text("channel") : method.name();
    RateLimit.Quota quota =
        used.computeIfAbsent(
                what, any -> new RateLimit(options.clock, method.tier(), method.tier()))
            .count();
    if (!quota.allowed()) {
      throw SlackException.rateLimited(quota.untilReset());
    }
  }

  private ObjectNode test(Arguments arguments, String caller) {
    return Json.object()
        .put("url", url + "/")
        .put("team", "Sandbox")
        .put("user", "lockstep")
        .put("team_id", SlackWorkspace.TEAM)
        .put("user_id", SlackWorkspace.BOT_USER)
        .put("bot_id", SlackWorkspace.BOT);
  }

  private Set<String> scopes() {
    return new TreeSet<>(options.scopes);
  }

  @Override
  public String login(Request request) {
    String header = request.header("Authorization").orElse("");
    if (header.isEmpty()) {
      throw new SlackException("not_authed");
    }
    if (revoked) {
      throw new SlackException("token_revoked");
    }
    if (!header.equals("Bearer " + token)) {
      throw new SlackException("invalid_auth");
    }
    return SlackWorkspace.BOT_USER;
  }

  @Override
  public ApiException notRouted(boolean knownPath) {
    return new SlackException("unknown_method");
  }

  @Override
  public Response tooManyRequests() {
    return SlackException.rateLimited(options.announcedWait).response();
  }

  @Override
  public Map<String, String> limitHeaders(RateLimit.Quota quota) {
    return quota.injected()
        ? Map.of("Retry-After", Long.toString(Math.max(1, quota.untilReset().toSeconds())))
        : Map.of("x-oauth-scopes", String.join(",", scopes()));
  }

  @Override
  public Response forbidden() {
    return new SlackException("access_denied").response();
  }

  @Override
  public Response failed() {
    return new SlackException("internal_error").response();
  }
}
