using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace McpSessionAnalyzers.Harness;

/// <summary>
/// Libraries that agents use and the registry lacks: assemblies of their names, with their public types as far as rules look at them. Each is one source
/// file in the Stubs folder, named after its assembly, and compiled once.
/// </summary>
internal static class Stubs
{
    /// <summary>In the order of their dependencies: each sees those before it.</summary>
    public static ImmutableArray<string> Agents { get; } =
    [
        "Microsoft.Agents.AI.Abstractions",
        "Microsoft.Agents.AI",
        "Microsoft.SemanticKernel.Abstractions",
        "Microsoft.SemanticKernel.Core",
        "Microsoft.SemanticKernel.Agents.Abstractions",
        "Microsoft.SemanticKernel.Agents.Core",
        "Microsoft.Azure.Functions.Worker.Extensions.Abstractions",
        "Microsoft.Azure.Functions.Worker.Core",
        "Microsoft.Azure.Functions.Worker.Extensions.Http",
        "Microsoft.Azure.Functions.Worker.Extensions.Timer",
        "Grpc.Core.Api",
        "MediatR.Contracts",
        "MediatR",
        "ModelContextProtocol.AspNetCore",
    ];

    /// <summary>Database drivers.</summary>
    public static ImmutableArray<string> Storage { get; } = ["Microsoft.Data.SqlClient", "MySqlConnector"];

    /// <exception cref="InvalidOperationException">A stub doesn't compile.</exception>
    public static ImmutableArray<MetadataReference> Compile(ImmutableArray<MetadataReference> references, ImmutableArray<string> assemblies)
    {
        var stubs = new List<MetadataReference>();
        foreach (var name in assemblies)
        {
            stubs.Add(Compile(name, references.Concat(stubs)));
        }

        return [.. stubs];
    }

    private static MetadataReference Compile(string name, IEnumerable<MetadataReference> references)
    {
        using var source = new StreamReader(typeof(Stubs).Assembly.GetManifestResourceStream($"Stubs/{name}.cs")
            ?? throw new InvalidOperationException($"No stub for {name}."));
        var compilation = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText(source.ReadToEnd())],
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        var result = compilation.Emit(image, options: new EmitOptions(metadataOnly: true));
        return result.Success
            ? MetadataReference.CreateFromImage(image.ToArray(), filePath: $"{name}.dll")
            : throw new InvalidOperationException($"The stub {name} doesn't compile:\n{string.Join('\n', result.Diagnostics)}");
    }
}
