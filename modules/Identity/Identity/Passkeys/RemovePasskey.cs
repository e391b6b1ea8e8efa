using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Accounts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.Passkeys;

internal sealed record RemovePasskey(string Id) : ICommand;

internal sealed class RemovePasskeyValidator : AbstractValidator<RemovePasskey>
{
    public RemovePasskeyValidator() => RuleFor(command => command.Id).MaximumLength(2_000).NoNul();
}

internal sealed class RemovePasskeyEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapDelete("/account/passkeys/{id}", static async (string id, ISender sender, CancellationToken cancellationToken) =>
        {
            await sender.Send(new RemovePasskey(id), cancellationToken);
            return Results.NoContent();
        })
        .RequireSubject()
        .WithName("RemovePasskey")
        .WithSummary("Removes one of the caller's passkeys.")
        .Produces(StatusCodes.Status204NoContent)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class RemovePasskeyHandler(IModuleSession<IIdentityStore> session, CurrentAccount current) : IRequestHandler<RemovePasskey, Unit>
{
    public async Task<Unit> Handle(RemovePasskey request, CancellationToken cancellationToken)
    {
        var account = await current.LoadAsync(cancellationToken);
        var passkey = await session.Documents.LoadAsync<Passkey>(request.Id, cancellationToken);
        if (passkey is null || passkey.AccountId != account.Id)
        {
            throw ProblemException.NotFound("passkey", request.Id);
        }

        session.Documents.Delete(passkey);
        return Unit.Value;
    }
}
