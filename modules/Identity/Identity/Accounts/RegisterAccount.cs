using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Contracts;
using ModularMonolith.Identity.Mails;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Identity.Accounts;

internal sealed record RegisterAccount(string Email, string Password) : ICommand<Registration>;

/// <summary>A registration that waits for its address to be verified.</summary>
/// <param name="RegistrationId">To have the mail sent again. It opens nothing.</param>
/// <param name="ExpiresAt">Until when the link in the mail works.</param>
internal sealed record Registration(Guid RegistrationId, DateTimeOffset ExpiresAt);

internal sealed class RegisterAccountValidator : AbstractValidator<RegisterAccount>
{
    public RegisterAccountValidator(PasswordRules rules)
    {
        RuleFor(command => command.Email).MustBeEmail();
        RuleFor(command => command.Password).Custom((password, context) =>
        {
            if (rules.Refuse(password, context.InstanceToValidate.Email, hasSecondFactor: false) is { } refusal)
            {
                context.AddFailure(refusal);
            }
        });
    }
}

internal sealed class RegisterAccountEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/accounts", static async (RegisterAccount body, ISender sender, CancellationToken cancellationToken) =>
            Results.Accepted(value: await sender.Send(body, cancellationToken)))
        .AllowAnonymous()
        .RequireRateLimiting(RateLimitPolicies.SignIn)
        .WithName("RegisterAccount")
        .WithSummary("Asks for an account. A mail is sent to the address, and the account is opened by the link in it. The answer is the same for an address that has an account already: its owner gets a mail that says so.")
        .Produces<Registration>(StatusCodes.Status202Accepted)
        .ProducesProblem(StatusCodes.Status400BadRequest);
}

internal sealed class RegisterAccountHandler(MailLinks links, IPasswordHasher<Account> hasher, IdentitySettings settings) : IRequestHandler<RegisterAccount, Registration>
{
    public async Task<Registration> Handle(RegisterAccount request, CancellationToken cancellationToken)
    {
        var hash = hasher.HashPassword(new Account { Email = request.Email }, request.Password);
        var link = await links.RequestAsync(
            MailPurpose.Registration, request.Email, settings.VerificationLength, static id => new VerificationRequested(id), passwordHash: hash, cancellationToken: cancellationToken);
        return new Registration(link.Id, link.ExpiresAt);
    }
}
