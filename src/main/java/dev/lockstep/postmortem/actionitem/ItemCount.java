package dev.lockstep.postmortem.actionitem;

/** How many items a postmortem has, and how many of them are open. */
public record ItemCount(int all, int open) {
  public static final ItemCount NONE = new ItemCount(0, 0);
}
