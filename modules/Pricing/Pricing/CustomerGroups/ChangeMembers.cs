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

namespace ModularMonolith.Pricing.CustomerGroups;

/// <param name="Add">Subjects that become members; those who are already stay.</param>
/// <param name="Remove">Subjects that are members no more.</param>
internal sealed record MembershipChanges(IReadOnlyList<string>? Add = null, IReadOnlyList<string>? Remove = null);

internal sealed record ChangeMembers(string Code, MembershipChanges Changes) : ICommand;

internal sealed class ChangeMembersValidator : AbstractValidator<ChangeMembers>
{
    public ChangeMembersValidator() => RuleFor(command => command.Changes).SetValidator(new MembershipChangesValidator()).OverridePropertyName(string.Empty);
}

internal sealed class MembershipChangesValidator : AbstractValidator<MembershipChanges>
{
    public MembershipChangesValidator()
    {
        RuleFor(changes => changes.Add)
            .Must(static (changes, add) => (add?.Count ?? 0) + (changes.Remove?.Count ?? 0) is >= 1 and <= CustomerGroup.MembersAtOnce)
            .WithMessage($"Name 1 to {CustomerGroup.MembersAtOnce} subjects at once.")
            .Must(static (changes, add) => add is null || changes.Remove is null || !add.Intersect(changes.Remove).Any()).WithMessage("Name each subject once.");
        RuleForEach(changes => changes.Add).NotEmpty().MaximumLength(CustomerGroup.LongestSubject).NoNul();
        RuleForEach(changes => changes.Remove).NotEmpty().MaximumLength(CustomerGroup.LongestSubject).NoNul();
    }
}

internal sealed class ChangeMembersEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/customer-groups/{code}/members", static async (string code, MembershipChanges body, ISender sender, CancellationToken cancellationToken) =>
        {
            await sender.Send(new ChangeMembers(code, body), cancellationToken);
            return Results.NoContent();
        })
        .RequirePermission("pricing:manage").SupportsDryRun().WithName("ChangeCustomerGroupMembers")
        .WithSummary("Adds customers to a group and takes others out of it. Repeating it changes nothing more.")
        .Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
}

internal sealed class ChangeMembersHandler(IModuleSession<IPricingStore> session, TimeProvider time) : IRequestHandler<ChangeMembers, Unit>
{
    // The group is locked against its deletion at the same moment, which would leave members of nothing behind.
    private const string Insert = """
        insert into customer_group_member (subject, group_code, added_at)
        select subject, ?, ? from unnest(?) subject where exists (select from mt_doc_customer_group where id = ? for key share)
        on conflict do nothing
        """;

    public async Task<Unit> Handle(ChangeMembers request, CancellationToken cancellationToken)
    {
        if (await CustomerGroup.FindAsync(session.Documents, request.Code, cancellationToken) is null)
        {
            throw ProblemException.NotFound("customer group", request.Code);
        }

        if (request.Changes.Add is { Count: > 0 } added)
        {
            string[] subjects = [.. added];
            session.Documents.QueueSqlCommand(Insert, request.Code, time.GetUtcNow(), subjects, request.Code);
        }

        if (request.Changes.Remove is { Count: > 0 } removed)
        {
            string[] subjects = [.. removed];
            session.Documents.QueueSqlCommand("delete from customer_group_member where group_code = ? and subject = any(?)", request.Code, subjects);
        }

        session.RecordChange("customer-group", request.Code, "stored");
        return Unit.Value;
    }
}
