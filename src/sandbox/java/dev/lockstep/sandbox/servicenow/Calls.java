package dev.lockstep.sandbox.servicenow;

import java.util.Map;

/**
 * What came in over HTTP so far. Acting or reading in-process counts nowhere.
 *
 * @param byMethod Table API calls, also those met by a fault or refused
 * @param byPath method and path of every call, with {@code {sys_id}} for an id; OAuth's too
 * @param reads Table API calls that ask
 * @param writes Table API calls that would change something
 * @param emptyWrites updates that were accepted and changed nothing: echoes written
 * @param tokens access tokens asked for
 */
public record Calls(
    Map<String, Long> byMethod,
    Map<String, Long> byPath,
    long reads,
    long writes,
    long emptyWrites,
    long tokens) {}
