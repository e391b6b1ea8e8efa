using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Contracts;
using ModularMonolith.Identity.Mails;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.Accounts;

[RetryOnConflict]
internal sealed record RequestEmailChange(string NewEmail, string Password) : ICommand<Confirmed<Unit>>;

internal sealed class RequestEmailChangeValidator : AbstractValidator<RequestEmailChange>
{
    public RequestEmailChangeValidator()
    {
        RuleFor(command => command.NewEmail).MustBeEmail();
        RuleFor(command => command.Password).MustBeText();
    }
}

internal sealed class RequestEmailChangeEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/account/email", static async (RequestEmailChange body, ISender sender, CancellationToken cancellationToken) =>
        {
            (await sender.Send(body, cancellationToken)).OrRefuse();
            return Results.Accepted();
        })
        .RequireSubject()
        .WithName("RequestEmailChange")
        .WithSummary("Sends a link to another address; following it makes it the account's. The answer does not tell whether the address is taken.")
        .Produces(StatusCodes.Status202Accepted)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden);
}

internal sealed class RequestEmailChangeHandler(CurrentAccount current, Confirmation confirmation, MailLinks links, IdentitySettings settings)
    : IRequestHandler<RequestEmailChange, Confirmed<Unit>>
{
    public async Task<Confirmed<Unit>> Handle(RequestEmailChange request, CancellationToken cancellationToken)
    {
        var account = await current.LoadAsync(cancellationToken);
        if (!await confirmation.AcceptAsync(account, request.Password, cancellationToken))
        {
            return new Confirmed<Unit>(false, default);
        }

        await links.RequestAsync(
            MailPurpose.EmailChange, request.NewEmail, settings.VerificationLength, static id => new EmailChangeRequested(id), accountId: account.Id, cancellationToken: cancellationToken);
        return new Confirmed<Unit>(true, Unit.Value);
    }
}
