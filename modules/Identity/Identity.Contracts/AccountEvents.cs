using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Identity.Contracts;

/// <summary>An account was opened: its address is verified.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="OpenedAt">When.</param>
[EventName("identity.account-opened")]
public sealed record AccountOpened(Guid AccountId, DateTimeOffset OpenedAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => AccountId.ToString();
}

/// <summary>An account has another password.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="ChangedAt">When.</param>
[EventName("identity.password-changed")]
public sealed record PasswordChanged(Guid AccountId, DateTimeOffset ChangedAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => AccountId.ToString();
}

/// <summary>Too many failed attempts have locked an account for a time.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="Until">Until when.</param>
[EventName("identity.account-locked")]
public sealed record AccountLocked(Guid AccountId, DateTimeOffset Until) : IIntegrationEvent
{
    string IIntegrationEvent.Key => AccountId.ToString();
}

/// <summary>An account was deleted, with all that Identity knew of it.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="DeletedAt">When.</param>
[EventName("identity.account-deleted")]
public sealed record AccountDeleted(Guid AccountId, DateTimeOffset DeletedAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => AccountId.ToString();
}
