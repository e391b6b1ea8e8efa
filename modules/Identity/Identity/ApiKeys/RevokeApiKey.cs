using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.ApiKeys;

/// <summary>Ends a key. Repeating it makes no difference.</summary>
internal sealed record RevokeApiKey(Guid KeyId) : ICommand;

internal sealed class RevokeApiKeyEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapDelete("/api-keys/{id:guid}", static async (Guid id, ISender sender, ApiKeyCache cache, CancellationToken cancellationToken) =>
        {
            await sender.Send(new RevokeApiKey(id), cancellationToken);
            cache.Forget(id);
            return Results.NoContent();
        })
        .RequireSubject()
        .WithName("RevokeApiKey")
        .WithSummary("Revokes one of the caller's own keys; those who may manage identities revoke anybody's. Other hosts follow within half a minute.")
        .Produces(StatusCodes.Status204NoContent)
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class RevokeApiKeyHandler(IModuleSession<IIdentityStore> session, ICaller caller, TimeProvider time) : IRequestHandler<RevokeApiKey, Unit>
{
    public async Task<Unit> Handle(RevokeApiKey request, CancellationToken cancellationToken)
    {
        var key = await session.Documents.LoadAsync<ApiKey>(request.KeyId, cancellationToken);
        if (key is null || (key.AccountId.ToString() != caller.Subject && !caller.Has("identity:manage")))
        {
            throw ProblemException.NotFound("API key", request.KeyId);
        }

        key.RevokedAt ??= time.GetUtcNow();
        session.Documents.Update(key);
        return Unit.Value;
    }
}
