using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Mails;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Identity.Accounts;

[RetryOnConflict]
internal sealed record ResetPassword(string Token, string NewPassword) : ICommand;

internal sealed class ResetPasswordValidator : AbstractValidator<ResetPassword>
{
    public ResetPasswordValidator()
    {
        RuleFor(command => command.Token).NotEmpty().MaximumLength(500);
        RuleFor(command => command.NewPassword).MustBeText();
    }
}

internal sealed class ResetPasswordEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/password-resets/complete", static async (ResetPassword body, ISender sender, CancellationToken cancellationToken) =>
        {
            await sender.Send(body, cancellationToken);
            return Results.NoContent();
        })
        .AllowAnonymous()
        .RequireRateLimiting(RateLimitPolicies.SignIn)
        .WithName("ResetPassword")
        .WithSummary("Gives an account another password with the link of the mail, unlocks it and ends all its sessions. The link works once; a second factor is still asked for at the sign-in.")
        .Produces(StatusCodes.Status204NoContent)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class ResetPasswordHandler(MailLinks links, UserManager<Account> users, Passwords passwords) : IRequestHandler<ResetPassword, Unit>
{
    public async Task<Unit> Handle(ResetPassword request, CancellationToken cancellationToken)
    {
        var link = await links.FindAsync(request.Token, MailPurpose.PasswordReset, cancellationToken);
        var account = link is null ? null : await users.FindByEmailAsync(link.Email);
        if (link is null || account is null || link.CreatedAt < account.CredentialsChangedAt)
        {
            throw new ProblemException(IdentityProblems.LinkInvalid, "The link was used, has expired, or the password was changed since it was sent. Ask for a new one.");
        }

        await passwords.SetAsync(account, request.NewPassword, nameof(request.NewPassword), except: null);
        links.Use(link);
        return Unit.Value;
    }
}
