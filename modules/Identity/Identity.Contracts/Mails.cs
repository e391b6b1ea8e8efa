using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Identity.Contracts;

/// <summary>Somebody wants to open an account: the address has to be verified. What to send, and whether, is asked for with <see cref="GetMail"/>.</summary>
/// <param name="MailId">The mail.</param>
[EventName("identity.verification-requested")]
public sealed record VerificationRequested(Guid MailId) : IIntegrationEvent
{
    string IIntegrationEvent.Key => MailId.ToString();
}

/// <summary>Somebody has forgotten a password. What to send, and whether, is asked for with <see cref="GetMail"/>.</summary>
/// <param name="MailId">The mail.</param>
[EventName("identity.password-reset-requested")]
public sealed record PasswordResetRequested(Guid MailId) : IIntegrationEvent
{
    string IIntegrationEvent.Key => MailId.ToString();
}

/// <summary>An account is to get another address, which has to be verified. What to send, and whether, is asked for with <see cref="GetMail"/>.</summary>
/// <param name="MailId">The mail.</param>
[EventName("identity.email-change-requested")]
public sealed record EmailChangeRequested(Guid MailId) : IIntegrationEvent
{
    string IIntegrationEvent.Key => MailId.ToString();
}

/// <summary>An account has another address; the old one is told with the mail.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="MailId">The mail to the old address.</param>
[EventName("identity.email-changed")]
public sealed record EmailChanged(Guid AccountId, Guid MailId) : IIntegrationEvent
{
    string IIntegrationEvent.Key => AccountId.ToString();
}

/// <summary>
/// What to send for an event that names a mail; null when nothing is to be sent (nobody has the address, or the time is over). Addresses and one-time tokens
/// are asked for because the log keeps its events for years.
/// </summary>
/// <param name="MailId">The mail.</param>
public sealed record GetMail(Guid MailId) : IQuery<Mail?>;

/// <summary>What a mail says.</summary>
public enum MailKind
{
    /// <summary>Follow the link to open the account.</summary>
    VerifyEmail,

    /// <summary>Somebody, perhaps you, tried to register this address, which has an account already.</summary>
    AddressInUse,

    /// <summary>Follow the link to choose another password.</summary>
    ResetPassword,

    /// <summary>Follow the link to make this the account's address.</summary>
    ConfirmEmailChange,

    /// <summary>The account that had this address has another one now.</summary>
    EmailChanged,
}

/// <summary>A mail to send.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="To">The address.</param>
/// <param name="Token">What the link carries; null where there is no link. It works once. Never store or log it.</param>
/// <param name="ExpiresAt">Until when it works.</param>
public sealed record Mail(MailKind Kind, string To, string? Token, DateTimeOffset ExpiresAt);
