using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Accounts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.SecondFactors;

[RetryOnConflict]
internal sealed record RenewRecoveryCodes(string Password, string Code) : ICommand<Confirmed<RecoveryCodes>>;

internal sealed class RenewRecoveryCodesValidator : AbstractValidator<RenewRecoveryCodes>
{
    public RenewRecoveryCodesValidator()
    {
        RuleFor(command => command.Password).MustBeText();
        RuleFor(command => command.Code).NotEmpty().MaximumLength(40);
    }
}

internal sealed class RenewRecoveryCodesEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/account/recovery-codes", static async (RenewRecoveryCodes body, ISender sender, CancellationToken cancellationToken) =>
            Results.Ok((await sender.Send(body, cancellationToken)).OrRefuse()))
        .RequireSubject()
        .WithName("RenewRecoveryCodes")
        .WithSummary("Makes new recovery codes; the old ones do not work any more.")
        .Produces<RecoveryCodes>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class RenewRecoveryCodesHandler(CurrentAccount current, Confirmation confirmation, UserManager<Account> users)
    : IRequestHandler<RenewRecoveryCodes, Confirmed<RecoveryCodes>>
{
    public async Task<Confirmed<RecoveryCodes>> Handle(RenewRecoveryCodes request, CancellationToken cancellationToken)
    {
        var account = await current.LoadAsync(cancellationToken);
        if (!account.HasSecondFactor)
        {
            throw new ProblemException(ProblemTypes.IllegalState, "The account has no second factor. Set up an authenticator app first.");
        }

        return await confirmation.AcceptAsync(account, request.Password, request.Code, cancellationToken)
            ? new Confirmed<RecoveryCodes>(true, new RecoveryCodes([.. (await users.GenerateNewTwoFactorRecoveryCodesAsync(account, RecoveryCodes.Count))!]))
            : new Confirmed<RecoveryCodes>(false, null);
    }
}
