using System.Collections.Immutable;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>
/// A named set of references. One array per set for the whole process: reading metadata anew is what makes analyzer tests slow.
/// </summary>
public sealed class ReferenceAssemblies(string name, Func<ImmutableArray<MetadataReference>> resolve)
{
    private readonly Lazy<ImmutableArray<MetadataReference>> _references = new(resolve);

    public string Name { get; } = name;

    public Task<ImmutableArray<MetadataReference>> ResolveAsync(string? language, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(_references.Value);
    }

    internal ImmutableArray<MetadataReference> References => _references.Value;

    public override string ToString() => Name;
}
