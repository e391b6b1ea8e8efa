using System.Security.Cryptography;
using Marten;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Hosting;
using ModularMonolith.Identity.Accounts;
using ModularMonolith.Identity.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Identity.Mails;

/// <summary>Makes and redeems what the links in mails carry: the mail's id under data protection, so that what the database holds is no link.</summary>
internal sealed class MailLinks(
    IModuleSession<IIdentityStore> session, UserManager<Account> users, IDataProtectionProvider protection, IHostEnvironment environment, TimeProvider time)
{
    private const string Purpose = "identity.mail-link";
    private const int SentAtMost = 5;
    private const int LongestToken = 500;

    // Against filling somebody's mailbox; the limit is the same for addresses without an account.
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    private readonly IDataProtector _protector = protection.CreateProtector(Purpose);

    /// <summary>Asks for a mail, unless the address has had enough of the kind.</summary>
    public async Task<MailLink> RequestAsync(
        MailPurpose purpose, string email, TimeSpan length, Func<Guid, IIntegrationEvent> tell, string? passwordHash = null, Guid? accountId = null, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        var link = new MailLink
        {
            Id = Guid.CreateVersion7(now),
            Purpose = purpose,
            Email = email,
            NormalizedEmail = users.NormalizeEmail(email),
            AccountId = accountId,
            PasswordHash = passwordHash,
            CreatedAt = now,
            ExpiresAt = now + length,
            Sent = 1,
        };
        if (await RecentAsync(link, cancellationToken) < SentAtMost)
        {
            session.Documents.Insert(link);
            session.Publish(tell(link.Id));
            await ShowAsync(link, cancellationToken);
        }

        return link;
    }

    /// <summary>Sends a mail once more.</summary>
    public async Task RepeatAsync(MailLink link, IIntegrationEvent tell, CancellationToken cancellationToken)
    {
        if (link.Sent < SentAtMost)
        {
            link.Sent++;
            session.Documents.Store(link);
            session.Publish(tell);
            await ShowAsync(link, cancellationToken);
        }
    }

    /// <summary>The mail that a link was sent with; null when the link is not one of ours, is too old or was used.</summary>
    public async Task<MailLink?> FindAsync(string token, MailPurpose purpose, CancellationToken cancellationToken)
    {
        if (IdOf(token) is not { } id || await FindAsync(id, cancellationToken) is not { } link || link.Purpose != purpose)
        {
            return null;
        }

        return link;
    }

    /// <summary>A mail that is not too old and was not used.</summary>
    public async Task<MailLink?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await session.Documents.LoadAsync<MailLink>(id, cancellationToken) is { } link && link.ExpiresAt > time.GetUtcNow() ? link : null;

    /// <summary>A link works once.</summary>
    public void Use(MailLink link) => session.Documents.Delete(link);

    /// <summary>What to send; null for nothing.</summary>
    public async Task<Mail?> ReadAsync(MailLink link, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var account = link.Purpose == MailPurpose.EmailChanged ? null : await users.FindByEmailAsync(link.Email);
        return (link.Purpose, account) switch
        {
            (MailPurpose.Registration, null) => WithToken(MailKind.VerifyEmail, link),
            (MailPurpose.EmailChange, null) => WithToken(MailKind.ConfirmEmailChange, link),
            (MailPurpose.Registration or MailPurpose.EmailChange, _) => new Mail(MailKind.AddressInUse, link.Email, null, link.ExpiresAt),
            (MailPurpose.PasswordReset, not null) => WithToken(MailKind.ResetPassword, link),
            (MailPurpose.EmailChanged, _) => new Mail(MailKind.EmailChanged, link.Email, null, link.ExpiresAt),
            _ => null,
        };
    }

    private Mail WithToken(MailKind kind, MailLink link) => new(kind, link.Email, WebEncoders.Base64UrlEncode(_protector.Protect(link.Id.ToByteArray())), link.ExpiresAt);

    private Guid? IdOf(string token)
    {
        if (token.Length > LongestToken)
        {
            return null;
        }

        try
        {
            return new Guid(_protector.Unprotect(WebEncoders.Base64UrlDecode(token)));
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException or ArgumentException)
        {
            // Anybody can send anything as a token.
            return null;
        }
    }

    private Task<int> RecentAsync(MailLink link, CancellationToken cancellationToken)
    {
        var since = link.CreatedAt - Window;
        return session.Documents.Query<MailLink>()
            .Where(other => other.NormalizedEmail == link.NormalizedEmail && other.Purpose == link.Purpose && other.CreatedAt > since)
            .CountAsync(cancellationToken);
    }

    // While nothing sends mails, whoever develops has to be able to go on. It is no log entry, because logs are kept and forwarded.
    private async Task ShowAsync(MailLink link, CancellationToken cancellationToken)
    {
        if (environment.IsDevelopment() && await ReadAsync(link, cancellationToken) is { Token: { } token } mail)
        {
            await Console.Out.WriteLineAsync($"Mail {mail.Kind} ({link.Id}), shown in Development only. Token: {token}".AsMemory(), cancellationToken);
        }
    }
}
