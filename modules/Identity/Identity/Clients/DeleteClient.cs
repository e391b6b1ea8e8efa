using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.Clients;

internal sealed record DeleteClient(string ClientId) : ICommand;

internal sealed class DeleteClientValidator : AbstractValidator<DeleteClient>
{
    public DeleteClientValidator() => RuleFor(command => command.ClientId).MaximumLength(100).NoNul();
}

internal sealed class DeleteClientEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapDelete("/clients/{id}", static async (string id, ISender sender, CancellationToken cancellationToken) =>
        {
            await sender.Send(new DeleteClient(id), cancellationToken);
            return Results.NoContent();
        })
        .RequirePermission("identity:manage")
        .SupportsDryRun()
        .WithName("DeleteClient")
        .WithSummary("Removes a client. It gets no tokens any more, also not with refresh tokens that it has.")
        .Produces(StatusCodes.Status204NoContent)
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class DeleteClientHandler(IModuleSession<IIdentityStore> session) : IRequestHandler<DeleteClient, Unit>
{
    public async Task<Unit> Handle(DeleteClient request, CancellationToken cancellationToken)
    {
        session.Documents.Delete(await session.Documents.LoadAsync<Client>(request.ClientId, cancellationToken) ?? throw ProblemException.NotFound("client", request.ClientId));
        return Unit.Value;
    }
}
