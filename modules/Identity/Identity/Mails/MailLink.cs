namespace ModularMonolith.Identity.Mails;

internal enum MailPurpose
{
    Registration,
    PasswordReset,
    EmailChange,
    EmailChanged,
}

/// <summary>
/// A mail that was asked for. It is written in the same way whether or not the address has an account, so that neither answer nor time tells; who gets what is decided
/// when the mail is sent.
/// </summary>
internal sealed class MailLink
{
    public Guid Id { get; set; }

    public required MailPurpose Purpose { get; init; }

    public required string Email { get; init; }

    public required string NormalizedEmail { get; init; }

    /// <summary>Whose address changes.</summary>
    public Guid? AccountId { get; init; }

    /// <summary>
    /// The password of a registration. It belongs to the link and not to the address: whoever follows the link opens the account with the password of that
    /// registration, and not with one that somebody else chose for the same address.
    /// </summary>
    public string? PasswordHash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>How often it was sent.</summary>
    public int Sent { get; set; }
}
