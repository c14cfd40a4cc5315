using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.Calls;

/// <summary>How long instances live: as the framework makes them, as they are registered, or unknown, which counts as long.</summary>
internal sealed class InstanceLifetimes
{
    private readonly CompilationModels _compilation;
    private readonly FrameworkEntryPoints _entryPoints;
    private readonly ToolFunctions _tools;
    private readonly ServiceRegistrations _registrations;
    private readonly ConcurrentDictionary<ISymbol, InstanceLifetime> _lifetimes = new(SymbolEqualityComparer.Default);

    public InstanceLifetimes(CompilationModels compilation, FrameworkEntryPoints entryPoints, ToolFunctions tools)
    {
        _compilation = compilation;
        _entryPoints = entryPoints;
        _tools = tools;
        _registrations = new(compilation);
    }

    public InstanceLifetime Of(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        var definition = type.OriginalDefinition;
        return _lifetimes.TryGetValue(definition, out var known) ? known : _lifetimes.GetOrAdd(definition, Compute(definition, cancellationToken));
    }

    private InstanceLifetime Compute(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        if (type.IsStatic || type.TypeKind is not (TypeKind.Class or TypeKind.Struct or TypeKind.Interface))
        {
            return InstanceLifetime.Unknown;
        }

        var registration = _registrations.Of(type, cancellationToken);
        if (registration is { IsSingleton: true })
        {
            return new(InstanceLifetimeKind.Singleton, "registered as a singleton", registration.Location);
        }

        if (_entryPoints.IsConventionalMiddleware(type))
        {
            return new(InstanceLifetimeKind.Singleton, "middleware by convention, created once", null);
        }

        if (_entryPoints.PerCallInstanceReasonOf(type) is { } framework)
        {
            return new(InstanceLifetimeKind.FrameworkCreatedPerCall, framework, registration?.Location);
        }

        if (registration is not null)
        {
            return new(InstanceLifetimeKind.RegisteredPerCall, $"registered as {registration.Lifetime}", registration.Location);
        }

        // An object that somebody makes with new and hands to WithTools or McpServerTool.Create lives as long as they like.
        return _tools.IsToolClass(type) && !IsCreatedInSource(type, cancellationToken)
            ? new(InstanceLifetimeKind.FrameworkCreatedPerCall, "a tool class, created for each call", null)
            : InstanceLifetime.Unknown;
    }

    private bool IsCreatedInSource(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        foreach (var tree in _compilation.Compilation.SyntaxTrees)
        {
            foreach (var name in NameIndex.Of(tree, cancellationToken).UsesOf(type.Name, cancellationToken))
            {
                if (name.FirstAncestorOrSelf<BaseObjectCreationExpressionSyntax>() is ObjectCreationExpressionSyntax creation &&
                    creation.Type.Span.Contains(name.Span) &&
                    SymbolEqualityComparer.Default.Equals(_compilation.Models.Of(tree)?.GetTypeInfo(creation, cancellationToken).Type?.OriginalDefinition, type))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
