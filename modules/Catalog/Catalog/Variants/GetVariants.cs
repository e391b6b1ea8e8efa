using FluentValidation;
using MediatR;
using ModularMonolith.Catalog.Contracts;

namespace ModularMonolith.Catalog.Variants;

internal sealed class GetVariantsValidator : AbstractValidator<GetVariants>
{
    public GetVariantsValidator() =>
        RuleFor(query => query.VariantIds).Must(static ids => ids is { Count: <= 200 }).WithMessage("At most 200 variants can be asked for at once.");
}

internal sealed class GetVariantsHandler(VariantCache cache) : IRequestHandler<GetVariants, IReadOnlyList<VariantDetails>>
{
    public Task<IReadOnlyList<VariantDetails>> Handle(GetVariants request, CancellationToken cancellationToken) =>
        cache.FindAsync(request.VariantIds, cancellationToken);
}
