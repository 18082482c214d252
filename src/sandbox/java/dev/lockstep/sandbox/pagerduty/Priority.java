package dev.lockstep.sandbox.pagerduty;

/** A label such as P1. The account lists them from most to least severe. */
public record Priority(String id, String name, String description) {}
