namespace Marten;

/// <summary>What a query does when the projections that it waits for do not catch up in time.</summary>
public enum NonStaleDataTimeoutMode
{
    /// <summary>It fails with a <see cref="TimeoutException"/>.</summary>
    ThrowException = 0,

    /// <summary>It runs over the data that there is.</summary>
    ReturnStaleData = 1,
}
