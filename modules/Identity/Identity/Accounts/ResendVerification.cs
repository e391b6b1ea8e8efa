using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Contracts;
using ModularMonolith.Identity.Mails;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Identity.Accounts;

/// <summary>Asked for by the registration and not by the address, so that nobody has somebody else's registration sent.</summary>
internal sealed record ResendVerification(Guid RegistrationId) : ICommand;

internal sealed class ResendVerificationEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/accounts/registrations/{id:guid}/resend", static async (Guid id, ISender sender, CancellationToken cancellationToken) =>
        {
            await sender.Send(new ResendVerification(id), cancellationToken);
            return Results.Accepted();
        })
        .AllowAnonymous()
        .WithName("ResendVerification")
        .WithSummary("Sends the mail of a registration again, five times at most. The answer is the same whether there is such a registration or not.")
        .Produces(StatusCodes.Status202Accepted);
}

internal sealed class ResendVerificationHandler(MailLinks links) : IRequestHandler<ResendVerification, Unit>
{
    public async Task<Unit> Handle(ResendVerification request, CancellationToken cancellationToken)
    {
        if (await links.FindAsync(request.RegistrationId, cancellationToken) is { Purpose: MailPurpose.Registration } link)
        {
            await links.RepeatAsync(link, new VerificationRequested(link.Id), cancellationToken);
        }

        return Unit.Value;
    }
}
