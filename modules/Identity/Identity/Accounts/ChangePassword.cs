using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.SignIns;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.Accounts;

// Failed attempts are counted with the account, so many at once meet.
[RetryOnConflict(Attempts = 10)]
internal sealed record ChangePassword(string CurrentPassword, string NewPassword, Guid? SessionId) : ICommand<Confirmed<Unit>>;

internal sealed record ChangePasswordBody(string CurrentPassword, string NewPassword);

internal sealed class ChangePasswordValidator : AbstractValidator<ChangePassword>
{
    public ChangePasswordValidator()
    {
        RuleFor(command => command.CurrentPassword).MustBeText();
        RuleFor(command => command.NewPassword).MustBeText();
    }
}

internal sealed class ChangePasswordEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/account/password", static async (ChangePasswordBody body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            (await sender.Send(new ChangePassword(body.CurrentPassword, body.NewPassword, SessionOrigin.SessionOf(http)), cancellationToken)).OrRefuse();
            return Results.NoContent();
        })
        .RequireSubject()
        .WithName("ChangePassword")
        .WithSummary("Gives the caller's account another password and ends all its other sessions.")
        .Produces(StatusCodes.Status204NoContent)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden);
}

internal sealed class ChangePasswordHandler(CurrentAccount current, Confirmation confirmation, Passwords passwords) : IRequestHandler<ChangePassword, Confirmed<Unit>>
{
    public async Task<Confirmed<Unit>> Handle(ChangePassword request, CancellationToken cancellationToken)
    {
        var account = await current.LoadAsync(cancellationToken);
        if (!await confirmation.AcceptAsync(account, request.CurrentPassword, cancellationToken))
        {
            return new Confirmed<Unit>(false, default);
        }

        await passwords.SetAsync(account, request.NewPassword, nameof(request.NewPassword), request.SessionId);
        return new Confirmed<Unit>(true, Unit.Value);
    }
}
