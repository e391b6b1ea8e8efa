namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>
/// Up to where the log is settled, and the gap behind that place, if one is being waited out. A value without any input or output, so that all
/// interleavings of writers and a reader can be gone through.
/// </summary>
/// <param name="Settled">No event can appear at this position or before any more.</param>
/// <param name="GapEnd">The last missing position of the gap; null when there is none.</param>
/// <param name="Horizon">A transaction id that is above those of all writers the gap may be waiting for; null while none has been drawn.</param>
internal readonly record struct WatermarkState(long Settled, long? GapEnd = null, long? Horizon = null)
{
    /// <summary>Whether a transaction id has to be drawn before the gap can be passed.</summary>
    public bool NeedsHorizon => GapEnd is not null && Horizon is null;

    /// <summary>Moves over what is complete, and over gaps whose writers have all ended.</summary>
    /// <param name="positions">The visible positions behind <see cref="Settled"/>, rising.</param>
    /// <param name="oldestRunning">The oldest transaction id that is running in the snapshot that shows them.</param>
    /// <param name="passed">How many of the positions are settled now.</param>
    public WatermarkState Settle(ReadOnlySpan<long> positions, long oldestRunning, out int passed)
    {
        var state = this;
        for (passed = 0; passed < positions.Length; passed++)
        {
            var position = positions[passed];
            if (position != state.Settled + 1 && !state.IsDead(position - 1, oldestRunning))
            {
                // A gap that grew at its end keeps its horizon only up to where it was when that was drawn.
                return state.GapEnd is { } end && position - 1 <= end ? state : state with { GapEnd = position - 1, Horizon = null };
            }

            state = state with { Settled = position };
        }

        return new WatermarkState(state.Settled);
    }

    /// <summary>Gives the gap its horizon.</summary>
    public WatermarkState Bound(long horizon) => NeedsHorizon ? this with { Horizon = horizon } : this;

    // Every writer of a position up to the gap's end drew it after it had its transaction id and before the visible row behind it was
    // committed. Once all transactions with an id below one that was drawn after the gap was seen have ended, whatever is
    // still missing was rolled back.
    private bool IsDead(long end, long oldestRunning) => GapEnd is { } known && end <= known && Horizon is { } horizon && oldestRunning >= horizon;
}
