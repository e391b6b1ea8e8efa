namespace ModularMonolith.Payments.Providers;

/// <summary>What came of one call to a provider.</summary>
internal abstract record ProviderOutcome
{
    /// <summary>Whether it settles the operation.</summary>
    public virtual bool IsFinal => true;
}

/// <param name="Intent">The provider's payment.</param>
/// <param name="ValidUntil">Until when it can be captured.</param>
/// <param name="CanCaptureAgain">Whether it can be captured several times.</param>
internal sealed record WasAuthorised(string Intent, DateTimeOffset ValidUntil, bool CanCaptureAgain) : ProviderOutcome;

internal sealed record NeedsAction(string Intent, string ActionUrl) : ProviderOutcome;

/// <summary><c>Reference</c>: under which the provider's report lists it.</summary>
internal sealed record WasCaptured(string Intent, string Reference) : ProviderOutcome;

internal sealed record WasCancelled : ProviderOutcome;

/// <summary>There is nothing to cancel any more: more was taken than should have been.</summary>
/// <param name="Reference">Under which the provider's report lists what was taken.</param>
/// <param name="Surplus">By how much, in minor units.</param>
internal sealed record WasTaken(string Reference, long Surplus) : ProviderOutcome;

/// <summary>A refund has begun and not arrived; what becomes of it has to be asked.</summary>
/// <param name="Reference">The provider's id of the refund.</param>
/// <param name="HasLeft">Whether it has left the shop's account already, so that the report lists it.</param>
internal sealed record IsOnItsWay(string Reference, bool HasLeft) : ProviderOutcome;

/// <param name="Reference">Under which the provider's report lists it.</param>
/// <param name="IsOutside">Whether the staff has given it back in another way, so that no report lists it and the reference is the staff's.</param>
internal sealed record WasRefunded(string Reference, bool IsOutside = false) : ProviderOutcome;

/// <summary>It was refused for good.</summary>
/// <param name="Code">Lower case with hyphens.</param>
/// <param name="Reason">A sentence for the customer.</param>
/// <param name="Intent">The provider's payment, where there is one all the same.</param>
internal sealed record WasRefused(string Code, string Reason, string? Intent = null) : ProviderOutcome;

/// <summary>The provider knows of it and has not decided: the customer has something to do, or the bank.</summary>
internal sealed record IsUndecided(string Intent) : ProviderOutcome
{
    public override bool IsFinal => false;
}

/// <summary>It was certainly not done: the provider could not be reached, or was too busy.</summary>
/// <param name="Error">For operators; no personal data.</param>
internal sealed record WasNotDone(string Error) : ProviderOutcome
{
    public override bool IsFinal => false;
}

/// <summary>Nobody knows whether it was done: no answer came, or one that does not say.</summary>
/// <param name="Error">For operators; no personal data.</param>
internal sealed record IsUnknown(string Error) : ProviderOutcome
{
    public override bool IsFinal => false;
}
