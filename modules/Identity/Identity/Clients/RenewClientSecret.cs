using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Roles;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.Clients;

/// <summary>A new secret for a confidential client; the old one stops working. Whoever has the secret of a service account can do what it can, so it takes as much to get one.</summary>
[RetryOnConflict]
internal sealed record RenewClientSecret(string ClientId) : ICommand<CreatedClient>;

internal sealed class RenewClientSecretValidator : AbstractValidator<RenewClientSecret>
{
    public RenewClientSecretValidator() => RuleFor(command => command.ClientId).MaximumLength(100).NoNul();
}

internal sealed class RenewClientSecretEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/clients/{id}/secret", static async (string id, ISender sender, CancellationToken cancellationToken) =>
            Results.Ok(await sender.Send(new RenewClientSecret(id), cancellationToken)))
        .RequirePermission("identity:manage")
        .WithName("RenewClientSecret")
        .WithSummary("Gives a confidential client a new secret, shown in this answer only. The old one stops working.")
        .Produces<CreatedClient>()
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class RenewClientSecretHandler(IModuleSession<IIdentityStore> session, AccountPermissions permissions, ClientSecrets secrets, ICaller caller)
    : IRequestHandler<RenewClientSecret, CreatedClient>
{
    public async Task<CreatedClient> Handle(RenewClientSecret request, CancellationToken cancellationToken)
    {
        var client = await session.Documents.LoadAsync<Client>(request.ClientId, cancellationToken) ?? throw ProblemException.NotFound("client", request.ClientId);
        if (!client.IsConfidential)
        {
            throw new ProblemException(ProblemTypes.IllegalState, "The client is public and has no secret. Register a confidential one.");
        }

        foreach (var permission in await permissions.OfRolesAsync(client.Roles, cancellationToken))
        {
            if (!caller.Has(permission))
            {
                throw new ProblemException(ProblemTypes.Forbidden, $"The client holds the permission {permission}, which you do not hold.").With("permission", permission);
            }
        }

        var secret = secrets.GiveNew(client);
        session.Documents.UpdateRevision(client, client.Version + 1);
        return new CreatedClient(ClientView.Of(client), secret);
    }
}
