using Carter;
using FluentValidation;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Tokens;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.ApiKeys;

internal sealed record CreateApiKey(string Name, IReadOnlyList<string> Permissions, int Days) : ICommand<CreatedApiKey>;

/// <summary>A new key. This is the only time that it is shown.</summary>
/// <param name="Key">About the key.</param>
/// <param name="Authorization">The value of the Authorization header.</param>
internal sealed record CreatedApiKey(ApiKeyView Key, string Authorization);

internal sealed class CreateApiKeyValidator : AbstractValidator<CreateApiKey>
{
    private const int MostDays = 366;
    private const int MostPermissions = 50;

    public CreateApiKeyValidator()
    {
        RuleFor(command => command.Name).NotEmpty().MaximumLength(100).NoNul();
        RuleFor(command => command.Permissions).NotEmpty().Must(static permissions => permissions is not { Count: > MostPermissions }).WithMessage($"At most {MostPermissions}.");
        RuleForEach(command => command.Permissions).NotEmpty().MaximumLength(100).NoNul();
        RuleFor(command => command.Days).InclusiveBetween(1, MostDays);
    }
}

internal sealed class CreateApiKeyEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/api-keys", static async (CreateApiKey body, ISender sender, CancellationToken cancellationToken) =>
        {
            var created = await sender.Send(body, cancellationToken);
            return Results.Created("/api/identity/api-keys/" + created.Key.Id, created);
        })
        .RequireSubject()
        .WithName("CreateApiKey")
        .WithSummary("Makes a key for a machine, with some of the caller's own permissions, for 1 to 366 days. It is shown in this answer only.")
        .Produces<CreatedApiKey>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status403Forbidden);
}

internal sealed class CreateApiKeyHandler(IModuleSession<IIdentityStore> session, ICaller caller, TimeProvider time) : IRequestHandler<CreateApiKey, CreatedApiKey>
{
    private const int MostKeys = 100;

    public async Task<CreatedApiKey> Handle(CreateApiKey request, CancellationToken cancellationToken)
    {
        var accountId = ApiKeyOwner.Of(caller);
        foreach (var permission in request.Permissions)
        {
            if (!caller.Has(permission))
            {
                throw new ProblemException(ProblemTypes.Forbidden, $"A key can have only what you hold, and {permission} is not among it.").With("permission", permission);
            }
        }

        var now = time.GetUtcNow();
        if (await session.Documents.Query<ApiKey>().CountAsync(key => key.AccountId == accountId && key.RevokedAt == null && key.ExpiresAt > now, cancellationToken) >= MostKeys)
        {
            throw new ProblemException(ProblemTypes.IllegalState, $"There are {MostKeys} keys already. Revoke those that are not needed.");
        }

        var secret = OpaqueSecret.New();
        var made = new ApiKey
        {
            Id = Guid.CreateVersion7(now),
            Name = request.Name,
            AccountId = accountId,
            SecretHash = OpaqueSecret.HashOf(secret),
            Permissions = [.. request.Permissions.Distinct()],
            CreatedAt = now,
            ExpiresAt = now.AddDays(request.Days),
        };
        session.Documents.Insert(made);
        return new CreatedApiKey(ApiKeyView.Of(made), $"{ApiKeyHandler.Word} {made.Id:N}.{secret}");
    }
}
