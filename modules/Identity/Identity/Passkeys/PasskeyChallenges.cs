using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Identity.Passkeys;

/// <summary>Remembers the questions to devices, so that each answer counts once.</summary>
internal sealed class PasskeyChallenges(IModuleSession<IIdentityStore> session, IHttpContextAccessor http, TimeProvider time)
{
    /// <summary>The request: the framework compares the origin in the device's answer with it.</summary>
    public HttpContext Request => http.HttpContext ?? throw new InvalidOperationException("Passkeys are checked against the request that brings them.");

    public PasskeyQuestion Ask(string optionsJson, string? state, Guid? accountId)
    {
        var now = time.GetUtcNow();
        var challenge = new PasskeyChallenge
        {
            Id = Guid.CreateVersion7(now),
            AccountId = accountId,
            State = state ?? throw new InvalidOperationException("The framework has made options without a state."),
            ExpiresAt = now + PasskeyChallenge.Length,
        };
        session.Documents.Insert(challenge);
        using var options = JsonDocument.Parse(optionsJson);
        return new PasskeyQuestion(challenge.Id, options.RootElement.Clone());
    }

    /// <summary>The question that an answer belongs to, for an account or for nobody yet; null when it is too old or was answered. It is used up, if the unit of work is saved.</summary>
    public async Task<PasskeyChallenge?> TakeAsync(Guid id, Guid? accountId, CancellationToken cancellationToken)
    {
        var challenge = await session.Documents.LoadAsync<PasskeyChallenge>(id, cancellationToken);
        if (challenge is null || challenge.AccountId != accountId || challenge.ExpiresAt <= time.GetUtcNow())
        {
            return null;
        }

        session.Documents.Delete(challenge);
        return challenge;
    }
}
