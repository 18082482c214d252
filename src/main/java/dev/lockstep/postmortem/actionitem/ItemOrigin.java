package dev.lockstep.postmortem.actionitem;

import java.util.Map;

/**
 * Where an item comes from.
 *
 * @param incidents system to the id of its incident there
 * @param incidentKey display key of the incident; empty while unknown
 * @param url where it can be read; may be empty
 */
public record ItemOrigin(Map<String, String> incidents, String incidentKey, String url) {}
